import { HOUR, MINUTE } from '#domain/kernel/clock.ts'
import { isZero } from '#domain/kernel/money.ts'
import { defineSaga, type Decision, type SagaContext, type SagaFault } from '#domain/kernel/saga.ts'
import type { EndReason } from '#domain/learning/enrollment-state.ts'
import { AlreadyEnrolled, GrantRevoked } from '#domain/learning/errors.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Payments, type PurchaseRef, RefundAmountZero, type RefundReason } from '#bus/patterns/payment.ts'
import {
  activateFree,
  activatePaid,
  cancelInput,
  cancelOnTimeout,
  charge,
  closeEnrollment,
  recordPayment,
  refund,
} from './course-enrollment-requests.ts'
import { CourseEnrollmentState, isSettled } from './course-enrollment-state.ts'

/** How long a learner has to pay. */
export const PAYMENT_WINDOW_MS = 30 * MINUTE

type State = CourseEnrollmentState

const enrollmentOf = ({ purchase }: { purchase: PurchaseRef }): string | undefined =>
  purchase.kind === 'course' ? purchase.refId : undefined

const fail = (endReason: EndReason, fault: SagaFault): Decision<State> => ({
  set: { endReason },
  timers: { payment: 'cancel' },
  fail: fault,
})

interface RefundRefused {
  readonly purchase: PurchaseRef
  readonly refundId: string
  readonly reason: RefundReason
  readonly code: string
}

/**
 * The provider refuses to give back what is owed: money without a seat, which only a person can settle. Who asked for it
 * matters where access stays: a wish that failed has cost nobody anything.
 */
const owed = (state: State, { refundId, reason, code }: RefundRefused): Decision<State> =>
  !state.refundRequested && (reason === 'requested_by_payer' || reason === 'requested_by_admin')
    ? {}
    : { park: { code: 'REFUND_FAILED', detail: `${refundId} was refused by the provider: ${code}.` } }

/** After the pivot nothing is undone by itself: the money and the seat go back by requests of their own. */
const activationDeclined = (state: State, fault: SagaFault, context: SagaContext): Decision<State> => {
  const { payment } = state
  const paid = payment.status === 'completed'
  if (paid && fault.code === AlreadyEnrolled.code)
    return { ...refund(state, payment.paymentId, 'duplicate', context), done: true }
  // A purchase grant is revoked by its full refund, so there is nothing left to send back.
  const moneyBack =
    paid && fault.code !== GrantRevoked.code ? refund(state, payment.paymentId, 'enrollment_failed', context) : {}
  return { set: moneyBack.set, send: [...(moneyBack.send ?? []), closeEnrollment(state)], fail: fault }
}

/** The payment service knows whether the money came in time: its answer decides. */
const paymentTimedOut = (state: State, context: SagaContext): Decision<State> =>
  isSettled(state) ? {} : { set: { endReason: 'payment_timeout' }, send: [cancelOnTimeout(state, context)] }

/**
 * From a held seat to access: charge, wait for the money, activate. The seat and the PENDING enrollment were committed
 * with the start. `closeEnrollment` has no reply handler: a decline of it parks for a person.
 */
export const CourseEnrollment = defineSaga(
  {
    name: 'CourseEnrollment',
    version: 1,
    state: CourseEnrollmentState,
    deadlineMs: 24 * HOUR,
    pivot: 'activate',
  },
  (on) => ({
    start: (state) =>
      isZero(state.money)
        ? { send: [activateFree(state)] }
        : {
            send: [charge(state)],
            timers: { payment: PAYMENT_WINDOW_MS },
            push: ['releaseSeat', 'cancelPayment'],
          },

    events: [
      on.event(Payments.PaymentCompleted, {
        key: enrollmentOf,
        running: (state, { paymentId }, context) => {
          if (state.payment.status === 'completed' && state.payment.paymentId === paymentId) return {}
          if (isSettled(state) || state.refundRequested) return refund(state, paymentId, 'duplicate', context)
          return {
            set: { payment: { status: 'completed', paymentId } },
            timers: { payment: 'cancel' },
            send: [activatePaid(state, paymentId)],
          }
        },
        late: (state, { paymentId }, context) => {
          const bought = state.payment.status === 'completed' && state.payment.paymentId === paymentId
          return bought ? {} : refund(state, paymentId, 'paid_late', context)
        },
      }),
      on.event(Payments.PaymentFailed, {
        key: enrollmentOf,
        running: (state, { code }) =>
          isSettled(state)
            ? {}
            : fail(state.endReason === 'payment_timeout' ? 'payment_timeout' : 'payment_failed', {
                code: 'PAYMENT_FAILED',
                detail: `The payment ended without money: ${code}.`,
              }),
      }),
      on.event(Payments.RefundFailed, { key: enrollmentOf, running: owed, late: owed }),
    ],

    replies: [
      on.reply('charge', Payments.ProcessPayment, {
        replied: (state, { paymentId }) =>
          isSettled(state)
            ? {}
            : { set: { payment: { status: 'initiated', paymentId } }, send: [recordPayment(state, paymentId)] },
        faulted: (state, fault) => (isSettled(state) ? {} : fail('payment_failed', fault)),
      }),
      // Nothing waits for it; a closed enrollment needs no payment.
      on.reply('recordPayment', Learning.RecordPayment, { replied: () => ({}), faulted: () => ({}) }),
      on.reply('activate', Learning.ActivateEnrollment, {
        replied: () => ({ done: true }),
        faulted: activationDeclined,
      }),
      // Nothing is left to send back where its payer or staff have asked for all of it first.
      on.reply('refund', Payments.RefundPayment, {
        replied: () => ({}),
        faulted: (_state, fault) => (fault.code === RefundAmountZero.code ? {} : { park: fault }),
      }),
      on.reply('cancelOnTimeout', Payments.CancelPayment, {
        replied: (state, { status }) => {
          // COMPLETED or undecided: the seat stays held, and payment.completed or payment.failed follows.
          const ended = status === 'CANCELLED' || status === 'FAILED'
          return ended && !isSettled(state)
            ? fail('payment_timeout', { code: 'PAYMENT_TIMEOUT', detail: 'It was not paid in time.' })
            : {}
        },
        faulted: (state, fault) => (isSettled(state) ? {} : fail('payment_timeout', fault)),
      }),
    ],

    timers: {
      payment: paymentTimedOut,
    },

    compensations: [
      on.compensation('releaseSeat', Learning.ReleaseEnrollment, {
        input: ({ enrollmentId, endReason }) => ({ enrollmentId, reason: endReason }),
      }),
      on.compensation('cancelPayment', Payments.CancelPayment, {
        input: (state, context) => cancelInput(state, context, 'cancel'),
        // Paid before it could be cancelled. Where the payment is not known yet, payment.completed brings it.
        replied: (state, { status }, context) =>
          status === 'COMPLETED' && state.payment.status !== 'unknown'
            ? refund(state, state.payment.paymentId, 'paid_late', context)
            : {},
      }),
    ],
  }),
)
