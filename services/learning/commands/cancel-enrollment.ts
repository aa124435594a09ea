import { z } from 'zod'
import { EnrollmentId, PaymentId } from '#domain/kernel/ids.ts'
import { assertWithinCancellationWindow } from '#domain/learning/cancellation-window.ts'
import type { Enrollment } from '#domain/learning/enrollment.ts'
import { EnrollmentStatus } from '#domain/learning/enrollment-state.ts'
import { CancellationWindowClosed, EnrollmentClosed, EnrollmentNotFound } from '#domain/learning/errors.ts'
import { isStanding } from '#domain/learning/grant.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { SagaBeyondPivot, SagaEnded } from '#bus/sagas/sagas.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { route } from '#services/kit/http/route.ts'
import { passingOn, saveAndPassOn } from '../promote-waiting.ts'
import { CourseEnrollment } from '../sagas/course-enrollment.ts'
import { signedIn } from '../signed-in.ts'

export const CancelEnrollment = command('learning.cancel_enrollment', {
  input: z.strictObject({ enrollmentId: EnrollmentId }),
  output: z.object({ enrollmentId: EnrollmentId, status: EnrollmentStatus }),
  errors: [EnrollmentNotFound, EnrollmentClosed, CancellationWindowClosed, SagaBeyondPivot, SagaEnded],
  scope: 'enrollments:write',
})

const purchasesOf = ({ state }: Enrollment): PaymentId[] =>
  state.grants
    .filter((grant) => grant.source === 'purchase' && isStanding(grant))
    .map(({ ref }) => PaymentId.parse(ref))

/** One action for each payment of an enrollment, so that asking again refunds nothing more. */
const askForRefund = (tx: UnitOfWork, enrollmentId: EnrollmentId, paymentId: PaymentId): void => {
  const actionId = `enrollment:${enrollmentId}:${paymentId}`
  const refund = { paymentId, reason: 'enrollment_cancelled', actionId } as const
  tx.send(Payments.RefundPayment, refund, { key: enrollmentId, idempotencyKey: actionId })
}

/** What was paid for ends with its refund (`revokeRefundedGrant`); what was free ends here. */
export const cancelEnrollment = handler(
  CancelEnrollment,
  passingOn,
  async ({ input: { enrollmentId }, actor, tx, now }, deps) => {
    const { enrollments, sagas } = deps
    const enrollment = await enrollments.load(enrollmentId)
    if (enrollment?.state.studentId !== signedIn(actor).userId) throw EnrollmentNotFound(enrollmentId)
    const { status } = enrollment
    // Who has left already is told so again: an answer may have been lost.
    if (status === 'CANCELLED' || status === 'EXPIRED') return { enrollmentId, status }
    if (status === 'PENDING') {
      await sagas.cancel(tx, CourseEnrollment.name, enrollmentId)
      return { enrollmentId, status }
    }
    if (status !== 'ACTIVE') throw EnrollmentClosed(enrollmentId, status)
    assertWithinCancellationWindow(enrollment, now)
    const purchases = purchasesOf(enrollment)
    for (const paymentId of purchases) askForRefund(tx, enrollmentId, paymentId)
    if (purchases.length === 0) {
      enrollment.cancel('cancelled', now)
      await saveAndPassOn(tx, deps, enrollment)
    }
    return { enrollmentId, status: enrollment.status }
  },
)

export const cancelEnrollmentRoute = route(CancelEnrollment, {
  method: 'delete',
  path: '/v1/enrollments/{enrollmentId}',
  tag: 'Enrollments',
  summary: 'Leave a course run',
  description:
    'Before it is paid, the seat and the payment are given up. Within 14 days of access the money goes back, ' +
    'and access ends with it; a free enrollment ends at once. Asking again changes nothing.',
  status: 202,
  location: ({ enrollmentId }) => `/v1/enrollments/${enrollmentId}`,
})
