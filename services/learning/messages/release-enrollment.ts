import { EnrollmentNotFound } from '#domain/learning/errors.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Enrollments } from '../enrollment-ports.ts'

/** Gives the held seat of a request back that came to nothing. */
export const releaseEnrollment = answer(
  Learning.ReleaseEnrollment,
  { enrollments: Enrollments },
  async ({ data: { enrollmentId, reason }, tx, now }, { enrollments }) => {
    const enrollment = await enrollments.load(enrollmentId)
    if (!enrollment) throw EnrollmentNotFound(enrollmentId)
    enrollment.release(reason, now)
    enrollments.save(tx, enrollment)
    return { enrollmentId, status: enrollment.status }
  },
)
