import { addMs, DAY, type Instant } from '../kernel/clock.ts'
import type { Enrollment } from './enrollment.ts'
import { CancellationWindowClosed } from './errors.ts'
import { accessSince } from './grant.ts'

/** How long after access began a learner may leave with the money back. */
export const CANCELLATION_WINDOW_MS = 14 * DAY

/** Throws `CancellationWindowClosed` once the window is over; before any grant it is open. */
export const assertWithinCancellationWindow = ({ id, state }: Enrollment, at: Instant): void => {
  const since = accessSince(state.grants)
  const until = since === undefined ? undefined : addMs(since, CANCELLATION_WINDOW_MS)
  if (until !== undefined && at > until) throw CancellationWindowClosed(id, until)
}
