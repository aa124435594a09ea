import { z } from 'zod'
import { EnrollmentId } from '#domain/kernel/ids.ts'
import { EnrollmentNotFound } from '#domain/learning/errors.ts'
import { Progress } from '#domain/learning/progress.ts'
import { hasRole } from '#bus/cqrs/actor.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { ContentQueries, EnrollmentQueries } from '../enrollment-ports.ts'
import { CertificateRepository, ProgressRepository } from '../progress-ports.ts'
import { CertificateResource, ProgressResource, progressResource } from '../progress-resource.ts'
import { signedIn } from '../signed-in.ts'

export const GetProgress = query('learning.get_progress', {
  input: z.strictObject({ enrollmentId: EnrollmentId }),
  output: ProgressResource.extend({
    /** Present soon after the last required lesson, unless it was revoked. */
    certificate: CertificateResource.pick({ verifyCode: true, issuedAt: true }).optional(),
  }),
  errors: [EnrollmentNotFound],
  scope: 'enrollments:read',
})

export const getProgress = queryHandler(
  GetProgress,
  {
    enrollments: EnrollmentQueries,
    contents: ContentQueries,
    progresses: ProgressRepository,
    certificates: CertificateRepository,
  },
  async ({ input: { enrollmentId }, actor }, { enrollments, contents, progresses, certificates }) => {
    const found = await enrollments.enrollment(enrollmentId)
    const { userId } = signedIn(actor)
    const isTheirs = found !== undefined && [found.state.studentId, found.tutorId].includes(userId)
    if (!found || !(isTheirs || hasRole(actor, 'admin'))) throw EnrollmentNotFound(enrollmentId)
    const [content, known, certificate] = await Promise.all([
      contents.content(found.state.courseId),
      progresses.load(enrollmentId),
      certificates.ofEnrollment(enrollmentId),
    ])
    const progress = known ?? Progress.begin(found.state)
    return {
      ...progressResource(progress, content?.sections ?? []),
      certificate: certificate?.state.status === 'ISSUED' ? certificate.state : undefined,
    }
  },
)

export const getProgressRoute = route(GetProgress, {
  method: 'get',
  path: '/v1/enrollments/{enrollmentId}/progress',
  tag: 'Progress',
  summary: 'Get the progress of an enrollment',
  description:
    'For its learner, the tutor of the course and admins. Lessons are counted against what is published now; whoever has ' +
    'finished stays at 100. It is kept where access ends.',
})
