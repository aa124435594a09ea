import type { Enrollment } from '#domain/learning/enrollment.ts'
import { AlreadyEnrolled, RunNotFound } from '#domain/learning/errors.ts'
import { moveSeats } from '#domain/learning/seats.ts'
import type { EnrollmentRepository } from './enrollment-ports.ts'

/**
 * An expired enrollment gave its seat away: it comes back only to a free one, and not beside a newer enrollment.
 * Throws `AlreadyEnrolled` or `RunFull`; for one that keeps its seat nothing is asked.
 */
export const assertSeatBack = async (enrollment: Enrollment, enrollments: EnrollmentRepository): Promise<void> => {
  if (!enrollment.seatMoves.includes('hold')) return
  const { courseRunId, studentId } = enrollment.state
  const admission = await enrollments.admission(courseRunId, studentId)
  if (!admission) throw RunNotFound(courseRunId)
  if (admission.live) throw AlreadyEnrolled(courseRunId)
  moveSeats(admission.run.state, enrollment.seatMoves)
}
