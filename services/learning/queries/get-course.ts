import { z } from 'zod'
import { CourseId } from '#domain/kernel/ids.ts'
import { CourseNotFound } from '#domain/learning/errors.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { viewerOf } from '../authorship.ts'
import { CourseQueries } from '../ports.ts'
import { CourseResource } from '../resources.ts'

export const GetCourse = query('learning.get_course', {
  input: z.strictObject({ courseId: CourseId }),
  output: CourseResource,
  errors: [CourseNotFound],
  scope: 'courses:read',
})

export const getCourse = queryHandler(
  GetCourse,
  { courses: CourseQueries },
  async ({ input: { courseId }, actor }, { courses }) => {
    const course = await courses.course(courseId, viewerOf(actor))
    if (!course) throw CourseNotFound(courseId)
    return course
  },
)

export const getCourseRoute = route(GetCourse, {
  method: 'get',
  path: '/v1/courses/{courseId}',
  tag: 'Courses',
  summary: 'Get a course of one’s own, draft or not',
  description: 'The public page of a course is in the catalog.',
})
