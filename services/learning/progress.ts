import type { AnyCommandHandler, AnyQueryHandler } from '#bus/cqrs/handler.ts'
import type { Responder } from '#bus/messaging/handlers.ts'
import type { AnyRoute } from '#services/kit/http/operation.ts'
import { completeLesson, completeLessonRoute } from './commands/complete-lesson.ts'
import { revokeCertificate, revokeCertificateRoute } from './commands/revoke-certificate.ts'
import { completeEnrollment } from './messages/complete-enrollment.ts'
import { issueCertificate } from './messages/issue-certificate.ts'
import { verifyCompleted } from './messages/verify-completed.ts'
import { getCertificateRoute } from './queries/get-certificate.ts'
import { getProgress, getProgressRoute } from './queries/get-progress.ts'

// What learners do once they are in: lessons, progress, certificates.

export const progressCommands: readonly AnyCommandHandler[] = [completeLesson, revokeCertificate]

export const progressQueries: readonly AnyQueryHandler[] = [getProgress]

export const progressMessages: readonly Responder[] = [verifyCompleted, completeEnrollment, issueCertificate]

export const progressRoutes: readonly AnyRoute[] = [
  completeLessonRoute,
  getProgressRoute,
  getCertificateRoute,
  revokeCertificateRoute,
]
