import type { Enrollment } from '#domain/learning/enrollment.ts'
import { AlreadyEnrolled, EnrollmentNotFound, RunNotFound } from '#domain/learning/errors.ts'
import { moveSeats } from '#domain/learning/seats.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { type EnrollmentRepository, Enrollments } from '../enrollment-ports.ts'

/** An expired enrollment gave its seat away: it comes back only to a free one, and not beside a newer enrollment. */
const assertSeat = async (enrollment: Enrollment, enrollments: EnrollmentRepository): Promise<void> => {
  const { courseRunId, studentId } = enrollment.state
  const admission = await enrollments.admission(courseRunId, studentId)
  if (!admission) throw RunNotFound(courseRunId)
  if (admission.live) throw AlreadyEnrolled(courseRunId)
  moveSeats(admission.run.state, enrollment.seatMoves)
}

/** Grants access, and takes the held seat in the same flush. */
export const activateEnrollment = answer(
  Learning.ActivateEnrollment,
  { enrollments: Enrollments },
  async ({ data: { enrollmentId, grant, paymentId }, tx, now }, { enrollments }) => {
    const enrollment = await enrollments.load(enrollmentId)
    if (!enrollment) throw EnrollmentNotFound(enrollmentId)
    if (paymentId) enrollment.attachPayment(paymentId)
    enrollment.activate({ ...grant, validFrom: now })
    if (enrollment.seatMoves.includes('hold')) await assertSeat(enrollment, enrollments)
    enrollments.save(tx, enrollment)
    return { enrollmentId, status: enrollment.status }
  },
)
