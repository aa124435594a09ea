import { z } from 'zod'
import { CourseRunId, EnrollmentId } from '#domain/kernel/ids.ts'
import { Enrollment } from '#domain/learning/enrollment.ts'
import { EnrollmentStatus } from '#domain/learning/enrollment-state.ts'
import { AlreadyEnrolled, NotVerified, RunFull, RunNotFound, RunNotOpen } from '#domain/learning/errors.ts'
import { CouponCode } from '#bus/patterns/payment.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { Sagas } from '#services/kit/ports.ts'
import { Enrollments } from '../enrollment-ports.ts'
import { CourseEnrollment } from '../sagas/course-enrollment.ts'
import { courseEnrollmentFor } from '../sagas/course-enrollment-state.ts'
import { signedIn } from '../signed-in.ts'

export const RequestEnrollment = command('learning.request_enrollment', {
  input: z.strictObject({
    courseRunId: CourseRunId,
    couponCode: CouponCode.optional().describe(
      'Ask `POST /v1/quotes` first: one that is not taken turns the enrollment back.',
    ),
  }),
  output: z.object({ enrollmentId: EnrollmentId, courseRunId: CourseRunId, status: EnrollmentStatus }),
  errors: [NotVerified, RunNotFound, RunNotOpen, RunFull, AlreadyEnrolled],
  scope: 'enrollments:write',
  idempotent: true,
})

/** Seat, enrollment and saga are one commit; a seat that was lost meanwhile runs this again, and `RunFull` is thrown. */
export const requestEnrollment = handler(
  RequestEnrollment,
  { enrollments: Enrollments, sagas: Sagas },
  async ({ input: { courseRunId, couponCode }, actor, tx, now, ids }, { enrollments, sagas }) => {
    const { userId, emailVerified } = signedIn(actor)
    if (!emailVerified) throw NotVerified()
    const admission = await enrollments.admission(courseRunId, userId)
    if (!admission) throw RunNotFound(courseRunId)
    if (admission.live) throw AlreadyEnrolled(courseRunId)
    const { run, course, entry } = admission
    const enrollment = Enrollment.request(ids.next('enr'), run, userId, now, entry)
    const { id: enrollmentId, status } = enrollment
    const { price: money, courseId } = enrollment.state
    const wish = { enrollmentId, payerId: userId, money, couponCode, courseId, ...course }
    enrollments.save(tx, enrollment, entry?.status === 'ENROLLED' ? [entry] : [])
    sagas.start(tx, CourseEnrollment, enrollmentId, courseEnrollmentFor(wish))
    return { enrollmentId, courseRunId, status }
  },
)

export const requestEnrollmentRoute = route(RequestEnrollment, {
  method: 'post',
  path: '/v1/course-runs/{courseRunId}/enrollments',
  tag: 'Enrollments',
  summary: 'Enroll in a course run',
  description:
    'Holds a seat; who was promoted from the waitlist has one. A free run gives access at once; otherwise the enrollment soon shows the payment, ' +
    'to be paid within 30 minutes.',
  status: 202,
  rateLimit: { limit: 120, windowSeconds: 60, onFailure: 'closed' },
  location: ({ enrollmentId }) => `/v1/enrollments/${enrollmentId}`,
  links: {
    enrollment: { operationId: 'getEnrollment', parameters: { enrollmentId: '$response.body#/enrollmentId' } },
  },
})
