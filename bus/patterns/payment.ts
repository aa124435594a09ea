import {
  DisputeClosed,
  DisputeOpened,
  PaymentCompleted,
  PaymentFailed,
  PaymentInitiated,
  PayoutSent,
  RefundFailed,
  RefundProcessed,
} from '#domain/payment/events.ts'
import {
  CancelIntent,
  CancelPayment,
  CreateIntent,
  CreateRefund,
  EraseUser,
  ExportUser,
  GetPaymentStatus,
  ProcessPayment,
  Reconcile,
  RefundPayment,
  SchedulePayouts,
  SendPayout,
  SyncDispute,
  SyncIntent,
  SyncPayout,
  SyncRefund,
  VerifyPayment,
} from '#domain/payment/messages.ts'
import { patterns } from './patterns.ts'

export { RefundAmountZero } from '#domain/payment/errors.ts'
export { CouponCode } from '#domain/payment/values.ts'
export type { PurchaseRef, RefundReason } from '#domain/payment/values.ts'

/** What the payment service publishes and answers. */
export const Payments = patterns('payment', {
  publishes: {
    PaymentInitiated,
    PaymentCompleted,
    PaymentFailed,
    RefundProcessed,
    RefundFailed,
    DisputeOpened,
    DisputeClosed,
    PayoutSent,
  },
  answers: {
    ProcessPayment,
    CancelPayment,
    RefundPayment,
    GetPaymentStatus,
    VerifyPayment,
    EraseUser,
    ExportUser,
    CreateIntent,
    CancelIntent,
    CreateRefund,
    SyncIntent,
    SyncRefund,
    SyncDispute,
    SchedulePayouts,
    SendPayout,
    SyncPayout,
    Reconcile,
  },
})
