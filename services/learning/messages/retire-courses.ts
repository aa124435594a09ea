import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { CourseQueries } from '../ports.ts'

const PAGE = 50

/** One message for each course: what goes wrong with one keeps no other in the catalog. */
export const retireCourses = answer(
  Learning.RetireCourses,
  { courses: CourseQueries },
  async ({ data: { tutorId, after }, tx }, { courses }) => {
    const page = await courses.publishedOfTutor(tutorId, { after, limit: PAGE })
    for (const { courseId } of page)
      tx.send(Learning.RetireCourse, { courseId }, { key: courseId, idempotencyKey: `retire/${courseId}` })
    const last = page.at(PAGE - 1)?.courseId
    if (last !== undefined) {
      const next = { tutorId, after: last }
      tx.send(Learning.RetireCourses, next, { key: tutorId, idempotencyKey: `retire/${tutorId}/${last}` })
    }
    return { courses: page.length }
  },
)
