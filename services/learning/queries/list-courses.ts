import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { InvalidCursor } from '#services/kit/http/cursor.ts'
import { pageOf, PageQuery } from '#services/kit/http/page.ts'
import { route } from '#services/kit/http/route.ts'
import { Cursors } from '#services/kit/ports.ts'
import { signedIn } from '../signed-in.ts'
import { CourseQueries } from '../ports.ts'
import { CourseResource } from '../resources.ts'
import { pageOfCourses } from './course-pages.ts'

export const ListCourses = query('learning.list_courses', {
  input: PageQuery,
  output: pageOf(CourseResource),
  errors: [InvalidCursor],
  scope: 'courses:read',
})

export const listCourses = queryHandler(
  ListCourses,
  { courses: CourseQueries, cursors: Cursors },
  async ({ input, actor }, { courses, cursors }) => {
    const { userId } = signedIn(actor)
    return pageOfCourses(cursors, { of: userId }, input, (slice) => courses.ofTutor(userId, slice))
  },
)

export const listCoursesRoute = route(ListCourses, {
  method: 'get',
  path: '/v1/courses',
  tag: 'Courses',
  summary: 'List one’s own courses, drafts included, newest first',
})
