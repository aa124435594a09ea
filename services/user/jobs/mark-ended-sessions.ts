import { job } from '#services/kit/jobs.ts'
import { SessionMarks, UnmarkedSessions } from '../ports.ts'
import { markUnmarked } from '../sessions/end-sessions.ts'

const EVERY_MS = 5_000

/** Tells Redis of the sessions that ended while it was out of reach. */
export const markEndedSessions = job(
  'mark-ended-sessions',
  EVERY_MS,
  { unmarked: UnmarkedSessions, marks: SessionMarks },
  markUnmarked,
)
