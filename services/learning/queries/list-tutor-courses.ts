import { UserId } from '#domain/kernel/ids.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { InvalidCursor } from '#services/kit/http/cursor.ts'
import { pageOf, PageQuery } from '#services/kit/http/page.ts'
import { route } from '#services/kit/http/route.ts'
import { Cursors } from '#services/kit/ports.ts'
import { TutorCourses } from '../ports.ts'
import { PublishedCourse } from '../resources.ts'
import { pageOfCourses } from './course-pages.ts'

export const ListTutorCourses = query('learning.list_tutor_courses', {
  input: PageQuery.extend({ tutorId: UserId }),
  output: pageOf(PublishedCourse),
  errors: [InvalidCursor],
  scope: 'public',
})

export const listTutorCourses = queryHandler(
  ListTutorCourses,
  { courses: TutorCourses, cursors: Cursors },
  ({ input: { tutorId, ...page } }, { courses, cursors }) =>
    pageOfCourses(cursors, { publishedOf: tutorId }, page, (slice) => courses.page(tutorId, slice)),
)

export const listTutorCoursesRoute = route(ListTutorCourses, {
  method: 'get',
  path: '/v1/tutors/{tutorId}/courses',
  tag: 'Courses',
  summary: 'List the published courses of a tutor, newest first',
})
