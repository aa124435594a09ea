import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { CourseQueries } from '../ports.ts'

export const getCoursesBySubject = answer(
  Learning.GetCoursesBySubject,
  { courses: CourseQueries },
  async ({ data: { subject, after, limit } }, { courses }) => {
    const found = await courses.publishedOfSubject(subject, { after, limit: limit + 1 })
    const page = found.slice(0, limit)
    return { courses: page, next: found.length > limit ? page.at(-1)?.courseId : undefined }
  },
)
