import { CourseId } from '#domain/kernel/ids.ts'
import { EnrollmentStatus } from '#domain/learning/enrollment-state.ts'
import { CourseNotFound, NotCourseOwner } from '#domain/learning/errors.ts'
import { hasRole } from '#bus/cqrs/actor.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { filterHash, InvalidCursor } from '#services/kit/http/cursor.ts'
import { cutPage, pageOf, PageQuery } from '#services/kit/http/page.ts'
import { route } from '#services/kit/http/route.ts'
import { Cursors } from '#services/kit/ports.ts'
import { EnrollmentQueries } from '../enrollment-ports.ts'
import { EnrollmentResource, enrollmentResource } from '../enrollment-resource.ts'
import { CourseQueries } from '../ports.ts'
import { signedIn } from '../signed-in.ts'

export const ListCourseEnrollments = query('learning.list_course_enrollments', {
  input: PageQuery.extend({ courseId: CourseId, status: EnrollmentStatus.optional() }),
  output: pageOf(EnrollmentResource),
  errors: [CourseNotFound, NotCourseOwner, InvalidCursor],
  scope: 'courses:read',
})

export const listCourseEnrollments = queryHandler(
  ListCourseEnrollments,
  { courses: CourseQueries, enrollments: EnrollmentQueries, cursors: Cursors },
  async ({ input: { courseId, status, cursor, limit }, actor, now }, { courses, enrollments, cursors }) => {
    const course = await courses.course(courseId)
    const isTheirs = course?.tutorId === signedIn(actor).userId || hasRole(actor, 'admin')
    if (!course || (!isTheirs && course.status === 'DRAFT')) throw CourseNotFound(courseId)
    if (!isTheirs) throw NotCourseOwner(courseId)
    const hash = filterHash({ list: 'course enrollments', courseId, status })
    const after = cursor === undefined ? undefined : cursors.decode(cursor, hash).id
    const rows = await enrollments.ofCourse(courseId, { status, after, limit: limit + 1 })
    const resources = rows.map((state) => enrollmentResource(state, now))
    return cutPage(resources, limit, ({ enrollmentId }) =>
      cursors.encode({ sort: null, id: enrollmentId, filterHash: hash }),
    )
  },
)

export const listCourseEnrollmentsRoute = route(ListCourseEnrollments, {
  method: 'get',
  path: '/v1/courses/{courseId}/enrollments',
  tag: 'Enrollments',
  summary: 'List the enrollments in a course, newest first',
  description: 'For the tutor of the course and admins.',
})
