import { z } from 'zod'
import { Instant } from '../kernel/clock.ts'
import { event } from '../kernel/event.ts'
import { PaymentId, PayoutId, RefundId, UserId } from '../kernel/ids.ts'
import { Money } from '../kernel/money.ts'
import { IncludedTax } from './shares.ts'
import { DisputeId, FailureCode, PurchaseRef, RefundReason } from './values.ts'

const payment = { paymentId: PaymentId, purchase: PurchaseRef }

export const PaymentInitiated = event('payment.initiated', {
  version: 1,
  data: z.object({ ...payment, payerId: UserId, money: Money }),
})

export const PaymentCompleted = event('payment.completed', {
  version: 1,
  data: z.object({ ...payment, payerId: UserId, money: Money, completedAt: Instant }),
})

/** Told once for every payment that ends without money, whoever ended it: code `cancelled` or the decline. */
export const PaymentFailed = event('payment.failed', {
  version: 1,
  data: z.object({ ...payment, code: FailureCode, retryable: z.boolean() }),
})

/** What of the money is tax that is no longer due. */
const tax = IncludedTax.optional()

/** `full` is true for the refund after which no captured money is left. */
export const RefundProcessed = event('payment.refund_processed', {
  version: 1,
  data: z.object({ refundId: RefundId, ...payment, money: Money, tax, full: z.boolean(), reason: RefundReason }),
})

export const RefundFailed = event('payment.refund_failed', {
  version: 1,
  data: z.object({ refundId: RefundId, ...payment, money: Money, reason: RefundReason, code: FailureCode }),
})

/** Earnings have left for the account of a tutor. */
export const PayoutSent = event('payment.payout_sent', {
  version: 1,
  data: z.object({ payoutId: PayoutId, tutorId: UserId, money: Money }),
})

const dispute = { disputeId: DisputeId, ...payment, money: Money }

/** The payer's bank has withdrawn the money until it decides. */
export const DisputeOpened = event('payment.dispute_opened', { version: 1, data: z.object(dispute) })

/** `full` is true where nothing of the captured money is left with the platform: lost here, or refunded before. */
export const DisputeClosed = event('payment.dispute_closed', {
  version: 1,
  data: z.object({ ...dispute, tax, outcome: z.enum(['won', 'lost']), full: z.boolean() }),
})
