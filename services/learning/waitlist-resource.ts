import { z } from 'zod'
import { Instant } from '#domain/kernel/clock.ts'
import { CourseRunId } from '#domain/kernel/ids.ts'
import type { WaitlistState } from '#domain/learning/waitlist.ts'

/** What HTTP shows of a learner's own place on a waitlist. */
export const WaitlistResource = z.object({
  courseRunId: CourseRunId,
  status: z.enum(['WAITING', 'PROMOTED']),
  joinedAt: Instant,
  /** 1 for who is next; absent once a seat is held. */
  position: z.int().min(1).optional(),
  /** A seat is held until then. */
  holdUntil: Instant.optional(),
})
export type WaitlistResource = z.infer<typeof WaitlistResource>

export const waitlistResource = (state: WaitlistState, position: number | undefined): WaitlistResource => {
  const { courseRunId, joinedAt } = state
  return state.status === 'PROMOTED'
    ? { courseRunId, joinedAt, status: state.status, holdUntil: state.holdUntil }
    : { courseRunId, joinedAt, status: 'WAITING', position }
}
