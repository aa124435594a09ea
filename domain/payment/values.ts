import { z } from 'zod'
import { EnrollmentId, id } from '../kernel/ids.ts'
import { Money } from '../kernel/money.ts'

/** What is being paid for: a seat in a course (its enrollment) or a 1:1 lesson (its booking). Unique per purchase. */
export const PurchaseRef = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('course'), refId: EnrollmentId }),
  z.object({ kind: z.literal('lesson'), refId: id('bkg') }),
])
export type PurchaseRef = z.infer<typeof PurchaseRef>

export const samePurchase = (a: PurchaseRef, b: PurchaseRef): boolean => a.kind === b.kind && a.refId === b.refId

export const sameMoney = (a: Money, b: Money): boolean => a.amount === b.amount && a.currency === b.currency

export const PurchaseLine = z.object({ description: z.string().min(1).max(200), money: Money })
export type PurchaseLine = z.infer<typeof PurchaseLine>

/** What a coupon takes off, in its one stored form: upper case. */
export const CouponCode = z
  .string()
  .toUpperCase()
  .max(40)
  .regex(/^[A-Z0-9][A-Z0-9-]{2,39}$/, 'Letters, digits and hyphens, 3 to 40 of them.')
  .meta({ examples: ['SPRING-25'] })
export type CouponCode = z.infer<typeof CouponCode>

/** What was taken off a purchase, and by which coupon. */
export const AppliedDiscount = z.object({ couponCode: CouponCode, money: Money })
export type AppliedDiscount = z.infer<typeof AppliedDiscount>

export const PurchaseStatus = z.enum(['OPEN', 'CANCELLED'])
export type PurchaseStatus = z.infer<typeof PurchaseStatus>

export const PaymentStatus = z.enum(['INITIATED', 'REQUIRES_ACTION', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED'])
export type PaymentStatus = z.infer<typeof PaymentStatus>

export const RefundStatus = z.enum(['PENDING', 'PROCESSED', 'FAILED'])
export type RefundStatus = z.infer<typeof RefundStatus>

/**
 * Why money goes back. A payer may ask within the refund window; every other reason holds at any time, because whoever
 * gives it has a rule of its own: leaving a course has a window that begins with access, later than the payment.
 */
export const RefundReason = z.enum([
  'requested_by_payer',
  'requested_by_admin',
  'enrollment_failed',
  'enrollment_cancelled',
  'paid_late',
  'duplicate',
])
export type RefundReason = z.infer<typeof RefundReason>

/** OPEN while the bank decides, with the money withdrawn; WON gives it back, LOST does not. */
export const DisputeStatus = z.enum(['OPEN', 'WON', 'LOST'])
export type DisputeStatus = z.infer<typeof DisputeStatus>

/** As the provider names it; unique over all disputes. */
export const DisputeId = z.string().regex(/^[A-Za-z0-9_]{1,100}$/)
export type DisputeId = z.infer<typeof DisputeId>

/** Why the payer's bank disputes a payment, in the provider's words: `fraudulent`, `product_not_received`. */
export const DisputeReason = z.string().min(1).max(100)

/** The account at the provider that a tutor is paid to, as the provider names it. */
export const ProviderAccountId = z
  .string()
  .max(105)
  .regex(/^acct_[A-Za-z0-9]{1,100}$/, 'An account of the provider: acct_...')
  .meta({ examples: ['acct_1032D82eZvKYlo2C'] })
export type ProviderAccountId = z.infer<typeof ProviderAccountId>

/** SCHEDULED until the provider has answered; FAILED gives the money back to the tutor's earnings. */
export const PayoutStatus = z.enum(['SCHEDULED', 'SENT', 'FAILED'])
export type PayoutStatus = z.infer<typeof PayoutStatus>

/** Names one decision to cancel or refund; asking again with the same id is the same act. */
export const ActionId = z.string().min(1).max(200)

/** A reason in the provider's or the platform's words: `card_declined`, `cancelled`. */
export const FailureCode = z.string().min(1).max(100)

/** One comparison of this service's books with the provider's. */
export const ReconciliationId = id('rec')
export type ReconciliationId = z.infer<typeof ReconciliationId>
