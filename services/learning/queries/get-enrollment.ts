import { z } from 'zod'
import { EnrollmentId } from '#domain/kernel/ids.ts'
import { EnrollmentNotFound } from '#domain/learning/errors.ts'
import { hasRole } from '#bus/cqrs/actor.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { EnrollmentQueries } from '../enrollment-ports.ts'
import { EnrollmentResource, enrollmentResource } from '../enrollment-resource.ts'
import { signedIn } from '../signed-in.ts'

export const GetEnrollment = query('learning.get_enrollment', {
  input: z.strictObject({ enrollmentId: EnrollmentId }),
  output: EnrollmentResource,
  errors: [EnrollmentNotFound],
  scope: 'enrollments:read',
})

export const getEnrollment = queryHandler(
  GetEnrollment,
  { enrollments: EnrollmentQueries },
  async ({ input: { enrollmentId }, actor, now }, { enrollments }) => {
    const found = await enrollments.enrollment(enrollmentId)
    const { userId } = signedIn(actor)
    const isTheirs = found !== undefined && [found.state.studentId, found.tutorId].includes(userId)
    if (!found || !(isTheirs || hasRole(actor, 'admin'))) throw EnrollmentNotFound(enrollmentId)
    return enrollmentResource(found.state, now)
  },
)

export const getEnrollmentRoute = route(GetEnrollment, {
  method: 'get',
  path: '/v1/enrollments/{enrollmentId}',
  tag: 'Enrollments',
  summary: 'Get an enrollment',
  description: 'For its learner, the tutor of the course and admins; to others it does not exist.',
})
