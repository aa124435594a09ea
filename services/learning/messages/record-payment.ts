import { EnrollmentNotFound } from '#domain/learning/errors.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Enrollments } from '../enrollment-ports.ts'

/** Notes which payment pays for an enrollment, so that its learner can find it. */
export const recordPayment = answer(
  Learning.RecordPayment,
  { enrollments: Enrollments },
  async ({ data: { enrollmentId, paymentId }, tx }, { enrollments }) => {
    const enrollment = await enrollments.load(enrollmentId)
    if (!enrollment) throw EnrollmentNotFound(enrollmentId)
    enrollment.attachPayment(paymentId)
    enrollments.save(tx, enrollment)
    return { enrollmentId }
  },
)
