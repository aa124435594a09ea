import { ExportNotFound } from '#domain/user/errors.ts'
import { answerWithCall } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { Users } from '#bus/patterns/user.ts'
import { Requester } from '#services/kit/ports.ts'
import { ExportRepository, Traces } from '../ports.ts'

const deps = { exports: ExportRepository, traces: Traces, requester: Requester }

/** Every service is asked anew where one of them was away: a copy is whole or none. */
export const buildExport = answerWithCall(
  Users.BuildExport,
  deps,
  async ({ data: { exportId }, origin }, { exports, traces, requester }) => {
    const found = await exports.load(exportId)
    if (!found) throw ExportNotFound(exportId)
    if (found.state.status === 'READY') return undefined
    const { userId } = found.state
    const [user, learning, payment] = await Promise.all([
      traces.read(userId),
      requester.request(Learning.ExportUser, { userId }, { origin }),
      requester.request(Payments.ExportUser, { userId }, { origin }),
    ])
    return { user, learning: learning.data, payment: payment.data }
  },
  async ({ data: { exportId }, called, tx }, { exports }) => {
    const found = await exports.load(exportId)
    if (!found) throw ExportNotFound(exportId)
    if (called && found.fill(called, tx.now)) {
      const { userId } = found.state
      exports.save(tx, found)
      tx.send(Users.SendExportNotice, { userId }, { key: userId, idempotencyKey: exportId })
    }
    return { status: 'READY' as const }
  },
)
