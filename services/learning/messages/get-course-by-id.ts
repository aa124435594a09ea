import { CourseNotFound } from '#domain/learning/errors.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { CourseQueries } from '../ports.ts'

export const getCourseById = answer(
  Learning.GetCourseById,
  { courses: CourseQueries },
  async ({ data: { courseId } }, { courses }) => {
    const course = await courses.course(courseId)
    if (!course) throw CourseNotFound(courseId)
    return course
  },
)
