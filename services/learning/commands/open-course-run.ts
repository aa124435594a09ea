import { CourseId } from '#domain/kernel/ids.ts'
import { CourseRun } from '#domain/learning/course-run.ts'
import { CourseIsArchived, CourseNotFound, NotCourseOwner, RunDatesInvalid } from '#domain/learning/errors.ts'
import { ChargeableMoney } from '#domain/kernel/money.ts'
import { RunTerms } from '#domain/learning/run-terms.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { editableCourse } from '../authorship.ts'
import { CourseRuns, Courses } from '../ports.ts'
import { CourseRunResource, courseRunResource } from '../resources.ts'

export const OpenCourseRun = command('learning.open_course_run', {
  input: RunTerms.extend({ price: ChargeableMoney, courseId: CourseId }),
  output: CourseRunResource,
  errors: [CourseNotFound, NotCourseOwner, CourseIsArchived, RunDatesInvalid],
  scope: 'courses:write',
  idempotent: true,
})

export const openCourseRun = handler(
  OpenCourseRun,
  { courses: Courses, runs: CourseRuns },
  async ({ input: { courseId, ...terms }, actor, tx, ids }, { courses, runs }) => {
    const course = await editableCourse(courses, courseId, actor)
    course.assertNotArchived()
    const run = CourseRun.open({ id: ids.next('run'), courseId }, terms)
    runs.save(tx, run)
    return courseRunResource(run)
  },
)

export const openCourseRunRoute = route(OpenCourseRun, {
  method: 'post',
  path: '/v1/courses/{courseId}/runs',
  tag: 'Course runs',
  summary: 'Open a run of a course: dates, seats, price',
  status: 201,
  location: ({ courseRunId }) => `/v1/course-runs/${courseRunId}`,
  links: {
    getCourseRun: { operationId: 'getCourseRun', parameters: { courseRunId: '$response.body#/courseRunId' } },
  },
  // Try-it sends it as it is: a run that takes enrollments for years, so that its course can be published.
  examples: {
    input: {
      price: { amount: 4900, currency: 'EUR' },
      capacity: 30,
      startsAt: '2026-01-01T00:00:00.000Z',
      endsAt: '2036-01-01T00:00:00.000Z',
      enrollmentOpensAt: '2026-01-01T00:00:00.000Z',
      enrollmentClosesAt: '2035-12-01T00:00:00.000Z',
    },
  },
})
