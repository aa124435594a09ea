import { on } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Users } from '#bus/patterns/user.ts'

/** Nothing is sold in the name of somebody who has left. */
export const retireCoursesOfDeleted = on(Users.UserDeleted, {}, async ({ data: { userId: tutorId }, tx }) => {
  tx.send(Learning.RetireCourses, { tutorId }, { key: tutorId, idempotencyKey: `retire/${tutorId}` })
})
