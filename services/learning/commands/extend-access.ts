import { z } from 'zod'
import { Instant } from '#domain/kernel/clock.ts'
import { EnrollmentId } from '#domain/kernel/ids.ts'
import {
  AlreadyEnrolled,
  EnrollmentClosed,
  EnrollmentNotFound,
  ExtensionInPast,
  GrantRevoked,
  NothingToExtend,
  RunFull,
  RunNotFound,
} from '#domain/learning/errors.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { Enrollments } from '../enrollment-ports.ts'
import { EnrollmentResource, enrollmentResource } from '../enrollment-resource.ts'
import { assertSeatBack } from '../seat-back.ts'

export const ExtendAccess = command('learning.extend_access', {
  input: z.strictObject({ enrollmentId: EnrollmentId, until: Instant.describe('The end of the added access.') }),
  output: EnrollmentResource,
  errors: [
    EnrollmentNotFound,
    ExtensionInPast,
    NothingToExtend,
    EnrollmentClosed,
    GrantRevoked,
    AlreadyEnrolled,
    RunNotFound,
    RunFull,
  ],
  scope: 'enrollments:admin',
})

export const extendAccess = handler(
  ExtendAccess,
  { enrollments: Enrollments },
  async ({ input: { enrollmentId, until }, tx, now }, { enrollments }) => {
    const enrollment = await enrollments.load(enrollmentId)
    if (!enrollment) throw EnrollmentNotFound(enrollmentId)
    enrollment.extend(until, now)
    await assertSeatBack(enrollment, enrollments)
    enrollments.save(tx, enrollment)
    return enrollmentResource(enrollment.state, now)
  },
)

export const extendAccessRoute = route(ExtendAccess, {
  method: 'post',
  path: '/v1/enrollments/{enrollmentId}/extend',
  tag: 'Enrollments',
  summary: 'Extend the access of a learner',
  description:
    'Adds access until then, beside what the learner has; it takes nothing away. An enrollment that has expired comes ' +
    'back where a seat is free. The same again changes nothing.',
})
