import { ErasureNotFound } from '#domain/user/errors.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { ErasureRepository } from '../ports.ts'

export const acknowledgeErasure = answer(
  Users.AcknowledgeErasure,
  { erasures: ErasureRepository },
  async ({ data: { requestId, service, counts, last }, tx }, { erasures }) => {
    const erasure = await erasures.load(requestId)
    if (!erasure) throw ErasureNotFound(requestId)
    erasure.acknowledge(service, counts, tx.now)
    if (last) erasure.close(tx.now)
    erasures.save(tx, erasure)
    return { status: erasure.state.status }
  },
)
