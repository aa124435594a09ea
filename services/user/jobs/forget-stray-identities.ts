import { addMs, HOUR } from '#domain/kernel/clock.ts'
import { job } from '#services/kit/jobs.ts'
import { Clock } from '#services/kit/ports.ts'
import { IdentityProvider } from '../ports.ts'

/** A registration that is not committed by then never will be. */
const COMMITTED_WITHIN_MS = HOUR

export const forgetStrayIdentities = job(
  'forget-stray-identities',
  HOUR,
  { identities: IdentityProvider, clock: Clock },
  ({ identities, clock }) => identities.forgetStrays(addMs(clock.now(), -COMMITTED_WITHIN_MS)),
)
