import { ErasureNotFound } from '#domain/user/errors.ts'
import { answerWithCall } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { ErasureRepository, IdentityProvider } from '../ports.ts'

/** The provider of identities forgets the person as well before anything is closed. */
export const acknowledgeErasure = answerWithCall(
  Users.AcknowledgeErasure,
  { erasures: ErasureRepository, identities: IdentityProvider },
  async ({ data: { requestId } }, { erasures, identities }) => {
    const erasure = await erasures.load(requestId)
    if (!erasure) throw ErasureNotFound(requestId)
    await identities.forget(erasure.state.userId)
  },
  async ({ data: { requestId, service, counts, last }, tx }, { erasures }) => {
    const erasure = await erasures.load(requestId)
    if (!erasure) throw ErasureNotFound(requestId)
    erasure.acknowledge(service, counts, tx.now)
    if (last) erasure.close(tx.now)
    erasures.save(tx, erasure)
    return { status: erasure.state.status }
  },
)
