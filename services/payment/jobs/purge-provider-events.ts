import { addMs, DAY, HOUR } from '#domain/kernel/clock.ts'
import { job } from '#services/kit/jobs.ts'
import { Clock } from '#services/kit/ports.ts'
import { OldProviderEvents } from '../ports.ts'

/** Stripe repeats a notice for three days; a month is left to look into what happened. */
const KEEP_MS = 30 * DAY

export const purgeProviderEvents = job(
  'purge-provider-events',
  HOUR,
  { events: OldProviderEvents, clock: Clock },
  ({ events, clock }) => events.purge(addMs(clock.now(), -KEEP_MS)),
)
