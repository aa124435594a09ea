import type { IndexedRun } from './indexed-course.ts'

/** In the order in which a course with several runs prefers them. */
export const AVAILABILITIES = ['open', 'upcoming', 'full', 'closed'] as const
export type Availability = (typeof AVAILABILITIES)[number]

export function availability(run: IndexedRun, now: number): Availability {
  if (now < run.opensAtMs) return 'upcoming'
  if (now >= run.closesAtMs) return 'closed'
  return run.full ? 'full' : 'open'
}

/** The best that any of the runs offers. */
export const bestAvailability = (runs: readonly IndexedRun[], now: number): Availability =>
  AVAILABILITIES.find((wanted) => runs.some((run) => availability(run, now) === wanted)) ?? 'closed'

/** The runs that are as available as it gets: those whose price and dates are shown. */
export function offeredRuns(runs: readonly IndexedRun[], now: number): readonly IndexedRun[] {
  const best = bestAvailability(runs, now)
  return runs.filter((run) => availability(run, now) === best)
}
