import { EnrollmentNotFound } from '#domain/learning/errors.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Enrollments } from '../enrollment-ports.ts'
import { assertSeatBack } from '../seat-back.ts'

/** Grants access, and takes the held seat in the same flush. */
export const activateEnrollment = answer(
  Learning.ActivateEnrollment,
  { enrollments: Enrollments },
  async ({ data: { enrollmentId, grant, paymentId }, tx, now }, { enrollments }) => {
    const enrollment = await enrollments.load(enrollmentId)
    if (!enrollment) throw EnrollmentNotFound(enrollmentId)
    if (paymentId) enrollment.attachPayment(paymentId)
    enrollment.activate({ ...grant, validFrom: now })
    await assertSeatBack(enrollment, enrollments)
    enrollments.save(tx, enrollment)
    return { enrollmentId, status: enrollment.status }
  },
)
