import { EnrollmentNotFound } from '#domain/learning/errors.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Enrollments } from '../enrollment-ports.ts'

export const completeEnrollment = answer(
  Learning.CompleteEnrollment,
  { enrollments: Enrollments },
  async ({ data: { enrollmentId }, tx, now }, { enrollments }) => {
    const enrollment = await enrollments.load(enrollmentId)
    if (!enrollment) throw EnrollmentNotFound(enrollmentId)
    enrollment.complete(now)
    if (enrollment.events.length > 0) enrollments.save(tx, enrollment)
    return { enrollmentId, status: enrollment.status }
  },
)
