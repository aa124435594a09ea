import { addMs, DAY, HOUR } from '#domain/kernel/clock.ts'
import { job } from '#services/kit/jobs.ts'
import { Clock } from '#services/kit/ports.ts'
import { ExpiredRows } from '../ports.ts'

/** Expired rows stay a week, for whoever has to look into what happened. */
const KEEP_MS = 7 * DAY

export const purgeExpired = job('purge-expired', HOUR, { rows: ExpiredRows, clock: Clock }, ({ rows, clock }) =>
  rows.purge(addMs(clock.now(), -KEEP_MS)),
)
