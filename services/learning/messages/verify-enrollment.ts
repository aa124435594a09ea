import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { accessAt } from '../course-access.ts'
import { Access } from '../enrollment-ports.ts'

/** Whether a learner has access to a course now, and until when. */
export const verifyEnrollment = answer(
  Learning.VerifyEnrollment,
  { access: Access },
  async ({ data: { courseId, studentId }, now }, { access }) => {
    const found = accessAt(await access.places(courseId, studentId), now)
    return found ? { enrolled: true, ...found } : { enrolled: false }
  },
)
