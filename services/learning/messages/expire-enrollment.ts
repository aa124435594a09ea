import { EnrollmentNotFound } from '#domain/learning/errors.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { passingOn, saveAndPassOn } from '../promote-waiting.ts'

/** Its seat goes to the first who waits. */
export const expireEnrollment = answer(
  Learning.ExpireEnrollment,
  passingOn,
  async ({ data: { enrollmentId }, tx, now }, deps) => {
    const enrollment = await deps.enrollments.load(enrollmentId)
    if (!enrollment) throw EnrollmentNotFound(enrollmentId)
    enrollment.expire(now)
    if (enrollment.events.length > 0) await saveAndPassOn(tx, deps, enrollment)
    return { enrollmentId, status: enrollment.status }
  },
)
