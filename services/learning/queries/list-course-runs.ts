import { z } from 'zod'
import { CourseId } from '#domain/kernel/ids.ts'
import { CourseNotFound } from '#domain/learning/errors.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { viewerOf } from '../authorship.ts'
import { CourseQueries, CourseRunQueries } from '../ports.ts'
import { CourseRunListItem } from '../resources.ts'

export const ListCourseRuns = query('learning.list_course_runs', {
  input: z.strictObject({ courseId: CourseId }),
  output: z.object({ items: z.array(CourseRunListItem) }),
  errors: [CourseNotFound],
  scope: 'courses:read',
})

export const listCourseRuns = queryHandler(
  ListCourseRuns,
  { courses: CourseQueries, runs: CourseRunQueries },
  async ({ input: { courseId }, actor }, { courses, runs }) => {
    const [course, items] = await Promise.all([courses.course(courseId, viewerOf(actor)), runs.ofCourse(courseId)])
    if (!course) throw CourseNotFound(courseId)
    return { items }
  },
)

export const listCourseRunsRoute = route(ListCourseRuns, {
  method: 'get',
  path: '/v1/courses/{courseId}/runs',
  tag: 'Course runs',
  summary: 'List the runs of one’s own course with their seats, oldest first',
})
