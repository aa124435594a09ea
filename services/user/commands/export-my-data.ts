import { HOUR, msBetween } from '#domain/kernel/clock.ts'
import { ExportId } from '#domain/kernel/ids.ts'
import { DataExport } from '#domain/user/data-export.ts'
import { ExportRunning } from '#domain/user/errors.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { Users } from '#bus/patterns/user.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { ExportRepository } from '../ports.ts'
import { signedIn } from '../signed-in.ts'

export const ExportMyData = command('user.export_my_data', {
  input: z.strictObject({}),
  output: z.object({ exportId: ExportId }),
  errors: [ExportRunning],
  scope: 'profile:write',
})

/** One that has not become ready by then was given up on the way, and is tried again. */
const STUCK_MS = HOUR

export const exportMyData = handler(
  ExportMyData,
  { exports: ExportRepository },
  async ({ actor, tx, ids, now }, { exports }) => {
    const { userId } = signedIn(actor)
    const running = await exports.running(userId)
    if (running && msBetween(running.requestedAt, now) < STUCK_MS) throw ExportRunning(running.id)
    const exportId = running?.id ?? ExportId.parse(ids.next('exp'))
    if (!running) exports.save(tx, DataExport.request({ id: exportId, userId }, now))
    tx.send(Users.BuildExport, { exportId }, { key: userId, idempotencyKey: ids.next('msg') })
    return { exportId }
  },
)

export const exportMyDataRoute = route(ExportMyData, {
  method: 'post',
  path: '/v1/users/me/export',
  status: 202,
  tag: 'Users',
  summary: 'Ask for a copy of all my data',
  description:
    'Every service is asked what it knows. A mail tells when the copy is ready; it can be read for seven days.',
  location: ({ exportId }) => `/v1/users/me/exports/${exportId}`,
  rateLimit: { limit: 10, windowSeconds: 3_600, onFailure: 'closed' },
  links: { export: { operationId: 'getMyExport', parameters: { exportId: '$response.body#/exportId' } } },
})
