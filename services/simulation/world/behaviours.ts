import { answer, type Responder } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { enrollmentCommands, enrollmentEvents, enrollmentMessages } from '#services/learning/enrollment.ts'
import { giveUpSeats, givingUp } from '#services/learning/give-up-seats.ts'
import { CourseEnrollment } from '#services/learning/sagas/course-enrollment.ts'
import { SeatHold } from '#services/learning/sagas/seat-hold.ts'
import { cancelPayment } from '#services/payment/commands/cancel-payment.ts'
import { ingestProviderEvent } from '#services/payment/commands/ingest-provider-event.ts'
import { requestRefund } from '#services/payment/commands/request-refund.ts'
import { startReconciliation } from '#services/payment/commands/start-reconciliation.ts'
import { cancelIntent } from '#services/payment/messages/cancel-intent.ts'
import { cancelPayment as answerCancelPayment } from '#services/payment/messages/cancel-payment.ts'
import { createIntent } from '#services/payment/messages/create-intent.ts'
import { createRefund } from '#services/payment/messages/create-refund.ts'
import { eraseUser as erasePayer } from '#services/payment/messages/erase-user.ts'
import { getPaymentStatus } from '#services/payment/messages/get-payment-status.ts'
import { processPayment } from '#services/payment/messages/process-payment.ts'
import { reconcile } from '#services/payment/messages/reconcile.ts'
import { schedulePayouts } from '#services/payment/messages/schedule-payouts.ts'
import { sendPayout } from '#services/payment/messages/send-payout.ts'
import { refundPayment } from '#services/payment/messages/refund-payment.ts'
import { syncDispute } from '#services/payment/messages/sync-dispute.ts'
import { syncIntent } from '#services/payment/messages/sync-intent.ts'
import { syncPayout } from '#services/payment/messages/sync-payout.ts'
import { syncRefund } from '#services/payment/messages/sync-refund.ts'
import { verifyPayment } from '#services/payment/messages/verify-payment.ts'
import type { Behaviour } from './audience.ts'
import { operationsOf } from './operations.ts'
import { payOut } from './pay-out.ts'

/** The part of an erasure that concerns seats and money: nothing else that is known of people lives here. */
const eraseUser = answer(Learning.EraseUser, givingUp, async ({ data: { userId }, tx }, deps) => ({
  counts: { ...(await giveUpSeats(tx, deps, userId)) },
}))

const learningMessages: readonly Responder[] = [...enrollmentMessages, eraseUser]

const definitionsOf = (responders: readonly Responder[]) => responders.map(({ definition }) => definition)

/** The part of the learning service that the journey of an enrollment needs. */
export const learning: Behaviour = {
  name: 'learning',
  patterns: { service: 'learning', events: Learning.events, messages: definitionsOf(learningMessages) },
  commands: [...enrollmentCommands, ...operationsOf('learning')],
  queries: [],
  messages: learningMessages,
  events: enrollmentEvents,
  local: [],
  sagas: [CourseEnrollment, SeatHold],
}

const paymentMessages: readonly Responder[] = [
  processPayment,
  answerCancelPayment,
  refundPayment,
  getPaymentStatus,
  verifyPayment,
  erasePayer,
  createIntent,
  cancelIntent,
  createRefund,
  syncIntent,
  syncRefund,
  syncDispute,
  schedulePayouts,
  sendPayout,
  syncPayout,
  reconcile,
]

/** The payment service without its queries and its door for webhooks. */
export const payment: Behaviour = {
  name: 'payment',
  patterns: { service: 'payment', events: Payments.events, messages: definitionsOf(paymentMessages) },
  commands: [
    cancelPayment,
    ingestProviderEvent,
    requestRefund,
    startReconciliation,
    payOut,
    ...operationsOf('payment'),
  ],
  queries: [],
  messages: paymentMessages,
  events: {},
  local: [],
  sagas: [],
}
