import { z } from 'zod'
import { Instant } from '../kernel/clock.ts'
import { eraseUser, exportUser } from '../kernel/personal-data.ts'
import { CourseId, PaymentId, PayoutId, RefundId, UserId } from '../kernel/ids.ts'
import { message } from '../kernel/message.ts'
import { Money } from '../kernel/money.ts'
import {
  CouponCoversAll,
  CouponEnded,
  CouponExhausted,
  CouponNotApplicable,
  CouponUnknown,
  CouponUsed,
  PaymentDisputed,
  PaymentNotFound,
  PaymentNotNeeded,
  PaymentNotRefundable,
  PayoutNotFound,
  PurchaseCancelled,
  PurchaseMismatch,
  PurchaseTooLarge,
  RefundActionReused,
  RefundAmountZero,
  RefundExceedsCaptured,
  RefundNotFound,
  RefundWindowClosed,
} from './errors.ts'
import {
  ActionId,
  CouponCode,
  DisputeId,
  DisputeStatus,
  PaymentStatus,
  PayoutStatus,
  PurchaseLine,
  PurchaseRef,
  ReconciliationId,
  RefundReason,
  RefundStatus,
} from './values.ts'

/** Why a coupon is not taken. */
export const COUPON_REFUSALS = [
  CouponUnknown,
  CouponEnded,
  CouponExhausted,
  CouponUsed,
  CouponNotApplicable,
  CouponCoversAll,
] as const

/** Opens the purchase and its one payment; asking again for the same purchase answers with the same payment. */
export const ProcessPayment = message('payment.process', {
  input: z.object({
    purchase: PurchaseRef,
    payerId: UserId,
    money: Money.describe('The price before any discount.'),
    couponCode: CouponCode.optional(),
    courseId: CourseId.optional(),
    title: PurchaseLine.shape.description.optional().describe('What is bought, for people.'),
    tutorId: UserId.optional().describe('Who has a share in it.'),
  }),
  output: z.object({ paymentId: PaymentId, status: PaymentStatus }),
  errors: [PurchaseCancelled, PurchaseMismatch, PurchaseTooLarge, PaymentNotNeeded, ...COUPON_REFUSALS],
})

/**
 * Cancels what has not been paid. CANCELLED, FAILED and COMPLETED are decisive; any other status means that the
 * provider has not confirmed yet, and `payment.failed` or `payment.completed` follows.
 */
export const CancelPayment = message('payment.cancel', {
  input: z.object({ purchase: PurchaseRef, actionId: ActionId }),
  output: z.object({ status: PaymentStatus }),
  deadlineMs: 15_000,
})

/** Refunds `money`, or all that is left without it. */
export const RefundPayment = message('payment.refund', {
  input: z.object({ paymentId: PaymentId, money: Money.optional(), reason: RefundReason, actionId: ActionId }),
  output: z.object({ refundId: RefundId, status: RefundStatus }),
  errors: [
    PaymentNotFound,
    PaymentNotRefundable,
    PaymentDisputed,
    RefundExceedsCaptured,
    RefundAmountZero,
    RefundWindowClosed,
    RefundActionReused,
  ],
})

export const GetPaymentStatus = message('payment.get_status', {
  input: z.object({ paymentId: PaymentId }),
  output: z.object({ status: PaymentStatus, money: Money }),
  errors: [PaymentNotFound],
  idempotent: true,
})

/**
 * `valid` is true only for the payment of exactly this purchase, payer and amount, paid and neither refunded nor charged
 * back as a whole.
 */
export const VerifyPayment = message('payment.verify', {
  input: z.object({ paymentId: PaymentId, purchase: PurchaseRef, payerId: UserId, money: Money }),
  output: z.object({ valid: z.boolean(), status: PaymentStatus }),
  errors: [PaymentNotFound],
  idempotent: true,
})

export const EraseUser = eraseUser('payment.erase_user')

export const ExportUser = exportUser('payment.export_user')

const intentCommand = {
  input: z.object({ paymentId: PaymentId }),
  output: z.object({ status: PaymentStatus }),
  errors: [PaymentNotFound],
  deadlineMs: 15_000,
  audience: 'self',
} as const

/** Creates the payment intent at the provider, keyed by the payment id. */
export const CreateIntent = message('payment.create_intent', intentCommand)

/** Cancels the payment intent at the provider. */
export const CancelIntent = message('payment.cancel_intent', intentCommand)

/** Reads the intent at the provider and applies what it finds; the order of webhooks does not matter. */
export const SyncIntent = message('payment.sync_intent', intentCommand)

const refundCommand = {
  input: z.object({ refundId: RefundId }),
  output: z.object({ status: RefundStatus }),
  errors: [RefundNotFound],
  deadlineMs: 15_000,
  audience: 'self',
} as const

/** Creates the refund at the provider, keyed by the refund id. */
export const CreateRefund = message('payment.create_refund', refundCommand)

/** Reads the refund at the provider and applies what it finds; one that never got there is created. */
export const SyncRefund = message('payment.sync_refund', refundCommand)

/** Reads a dispute at the provider and applies what it finds; null where it concerns no payment of the platform. */
export const SyncDispute = message('payment.sync_dispute', {
  input: z.object({ disputeId: DisputeId }),
  output: z.object({ status: DisputeStatus.nullable() }),
  deadlineMs: 15_000,
  audience: 'self',
})

/** Looks at what a tutor has earned, and sends what is due; says how many payouts that were. */
export const SchedulePayouts = message('payment.schedule_payouts', {
  input: z.object({ tutorId: UserId }),
  output: z.object({ payouts: z.int() }),
  audience: 'self',
})

const payoutCommand = {
  input: z.object({ payoutId: PayoutId }),
  output: z.object({ status: PayoutStatus }),
  errors: [PayoutNotFound],
  deadlineMs: 15_000,
  audience: 'self',
} as const

/** Transfers the money at the provider, keyed by the payout id. */
export const SendPayout = message('payment.send_payout', payoutCommand)

/** Reads the transfer at the provider and applies what it finds. */
export const SyncPayout = message('payment.sync_payout', payoutCommand)

/** Compares what the provider lists since then, and what is unsettled here, and syncs what differs. */
export const Reconcile = message('payment.reconcile', {
  input: z.object({ reconciliationId: ReconciliationId, since: Instant }),
  output: z.object({ synced: z.int() }),
  deadlineMs: 60_000,
  audience: 'self',
})
