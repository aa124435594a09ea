import type { PaymentId } from '#domain/kernel/ids.ts'
import { request, type Decision, type SagaContext, type SagaRequest } from '#domain/kernel/saga.ts'
import type { GrantReference } from '#domain/learning/grant.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Payments, type RefundReason } from '#bus/patterns/payment.ts'
import type { CourseEnrollmentState } from './course-enrollment-state.ts'

type State = CourseEnrollmentState

const purchaseOf = ({ enrollmentId }: State) => ({ kind: 'course', refId: enrollmentId }) as const

export const charge = (state: State): SagaRequest => {
  const { payerId, money, couponCode, courseId, title, tutorId } = state
  const wish = { purchase: purchaseOf(state), payerId, money, couponCode, courseId, title, tutorId }
  return request('charge', Payments.ProcessPayment, wish)
}

export const recordPayment = ({ enrollmentId }: State, paymentId: PaymentId): SagaRequest =>
  request('recordPayment', Learning.RecordPayment, { enrollmentId, paymentId })

const activate = ({ enrollmentId }: State, grant: GrantReference, paymentId?: PaymentId): SagaRequest =>
  request('activate', Learning.ActivateEnrollment, { enrollmentId, grant, paymentId })

export const activateFree = (state: State): SagaRequest => activate(state, { source: 'free', ref: state.enrollmentId })

export const activatePaid = (state: State, paymentId: PaymentId): SagaRequest =>
  activate(state, { source: 'purchase', ref: paymentId }, paymentId)

export const cancelInput = (state: State, { sagaId }: SagaContext, occasion: string) => ({
  purchase: purchaseOf(state),
  actionId: `${sagaId}:${occasion}`,
})

export const cancelOnTimeout = (state: State, context: SagaContext): SagaRequest =>
  request('cancelOnTimeout', Payments.CancelPayment, cancelInput(state, context, 'timeout'))

/** The seat goes back after the pivot, where no compensation runs. */
export const closeEnrollment = ({ enrollmentId }: State): SagaRequest =>
  request('closeEnrollment', Learning.ReleaseEnrollment, { enrollmentId, reason: 'activation_declined' })

/** Sends the money back, once: every occasion shares one action id, so that none of them can pay out twice. */
export const refund = (
  state: State,
  paymentId: PaymentId,
  reason: RefundReason,
  { sagaId }: SagaContext,
): Pick<Decision<State>, 'set' | 'send'> =>
  state.refundRequested
    ? {}
    : {
        set: { refundRequested: true },
        send: [request('refund', Payments.RefundPayment, { paymentId, reason, actionId: `${sagaId}:late` })],
      }
