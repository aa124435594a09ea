import { EnrollmentNotFound } from '#domain/learning/errors.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { passingOn, saveAndPassOn } from '../promote-waiting.ts'

/** Gives the held seat of a request back that came to nothing, or to the first who waits for it. */
export const releaseEnrollment = answer(
  Learning.ReleaseEnrollment,
  passingOn,
  async ({ data: { enrollmentId, reason }, tx, now }, deps) => {
    const enrollment = await deps.enrollments.load(enrollmentId)
    if (!enrollment) throw EnrollmentNotFound(enrollmentId)
    enrollment.release(reason, now)
    await saveAndPassOn(tx, deps, enrollment)
    return { enrollmentId, status: enrollment.status }
  },
)
