import type { Instant } from '../kernel/clock.ts'
import { domainError } from '../kernel/errors.ts'
import type { CouponId, PaymentId, PayoutId, RefundId } from '../kernel/ids.ts'
import { formatMoney, type Money } from '../kernel/money.ts'
import type { CouponCode, DisputeId, PaymentStatus, PurchaseRef, ReconciliationId } from './values.ts'

export const PaymentNotFound = domainError(
  'PAYMENT_NOT_FOUND',
  'not_found',
  (paymentId: PaymentId) => `There is no payment ${paymentId}.`,
)

export const InvoiceNotFound = domainError('INVOICE_NOT_FOUND', 'not_found', () => 'There is no such invoice.')

export const RefundNotFound = domainError(
  'REFUND_NOT_FOUND',
  'not_found',
  (refundId: RefundId) => `There is no refund ${refundId}.`,
)

export const PurchaseCancelled = domainError(
  'PURCHASE_CANCELLED',
  'conflict',
  ({ refId }: PurchaseRef) => `The purchase for ${refId} was cancelled.`,
)

export const PurchaseMismatch = domainError(
  'PURCHASE_MISMATCH',
  'conflict',
  ({ refId }: PurchaseRef) => `The purchase for ${refId} was opened by another payer or for another amount.`,
)

export const PurchaseTooLarge = domainError(
  'PURCHASE_TOO_LARGE',
  'unprocessable',
  () => 'The total is above what one payment can take.',
)

export const PaymentNotNeeded = domainError(
  'PAYMENT_NOT_NEEDED',
  'unprocessable',
  ({ refId }: PurchaseRef) => `The purchase for ${refId} costs nothing, so there is nothing to pay.`,
)

export const CouponUnknown = domainError('COUPON_UNKNOWN', 'unprocessable', () => 'There is no such coupon.')

export const CouponNotFound = domainError(
  'COUPON_NOT_FOUND',
  'not_found',
  (couponId: CouponId) => `There is no coupon ${couponId}.`,
)

export const CouponCodeTaken = domainError(
  'COUPON_CODE_TAKEN',
  'conflict',
  (code: CouponCode) => `There is a coupon ${code} already.`,
)

export const CouponEnded = domainError('COUPON_ENDED', 'unprocessable', () => 'This coupon is good no longer.')

export const CouponExhausted = domainError(
  'COUPON_EXHAUSTED',
  'unprocessable',
  () => 'This coupon has been used as often as it may be.',
)

export const CouponUsed = domainError('COUPON_USED', 'unprocessable', () => 'You have used this coupon already.')

export const CouponNotApplicable = domainError(
  'COUPON_NOT_APPLICABLE',
  'unprocessable',
  () => 'This coupon is not for this course, or not for its currency.',
)

/** Access for nothing is given by a grant, which no payment stands behind. */
export const CouponCoversAll = domainError(
  'COUPON_COVERS_ALL',
  'unprocessable',
  () => 'This coupon would leave nothing to pay.',
)

export const CouponLimitBelowUse = domainError(
  'COUPON_LIMIT_BELOW_USE',
  'unprocessable',
  (redeemed: number) => `It has been used ${redeemed} times; its limit cannot be lower.`,
  () => ({ fields: [{ pointer: '/limit', detail: 'This is below the number of uses.' }] }),
)

/** A tutor gives discounts on courses of their own, and names them. */
export const CouponCoursesNotOwned = domainError(
  'COUPON_COURSES_NOT_OWNED',
  'unprocessable',
  () => 'A coupon of a tutor names courses of that tutor alone.',
  () => ({ fields: [{ pointer: '/courseIds', detail: 'Name courses of your own.' }] }),
)

export const PaymentAlreadyCompleted = domainError(
  'PAYMENT_ALREADY_COMPLETED',
  'conflict',
  (paymentId: PaymentId) => `${paymentId} is paid and can no longer be cancelled; ask for a refund.`,
)

/** A fact from the provider that contradicts the payment; it is kept for a person to look at, never applied. */
export const IntentMismatch = domainError(
  'INTENT_MISMATCH',
  'conflict',
  (paymentId: PaymentId) => `The payment intent does not belong to ${paymentId} or has another amount.`,
)

export const PaymentNotRefundable = domainError(
  'PAYMENT_NOT_REFUNDABLE',
  'conflict',
  (paymentId: PaymentId, status: PaymentStatus) => `${paymentId} is ${status}; only a completed payment is refunded.`,
)

export const RefundExceedsCaptured = domainError(
  'REFUND_EXCEEDS_CAPTURED',
  'unprocessable',
  (refundable: Money) => `At most ${formatMoney(refundable)} can be refunded.`,
)

export const RefundAmountZero = domainError(
  'REFUND_AMOUNT_ZERO',
  'unprocessable',
  () => 'A refund needs an amount above zero.',
)

/** A payer who keeps a cent of the price keeps the grant: only a full refund revokes it. */
export const RefundMustBeWhole = domainError(
  'REFUND_MUST_BE_WHOLE',
  'unprocessable',
  (refundable: Money) => `A payer gets all of it back, ${formatMoney(refundable)}, or nothing.`,
)

export const RefundWindowClosed = domainError(
  'REFUND_WINDOW_CLOSED',
  'unprocessable',
  (until: Instant) => `The refund window closed on ${until}.`,
)

export const RefundActionReused = domainError(
  'REFUND_ACTION_REUSED',
  'conflict',
  (actionId: string) => `The action ${actionId} has already asked for another refund.`,
)

/** The bank holds the money until it has decided, so that there is nothing to give back. */
export const PaymentDisputed = domainError(
  'PAYMENT_DISPUTED',
  'conflict',
  (paymentId: PaymentId) => `${paymentId} is disputed; its money can be given back once the bank has decided.`,
)

/** The provider says the opposite of what is recorded; kept for a person to look at, never applied. */
export const DisputeAlreadyClosed = domainError(
  'DISPUTE_ALREADY_CLOSED',
  'conflict',
  (disputeId: DisputeId) => `${disputeId} has already ended in another way.`,
)

/** The provider says the opposite of what is recorded; kept for a person to look at, never applied. */
export const RefundAlreadySettled = domainError(
  'REFUND_ALREADY_SETTLED',
  'conflict',
  (refundId: RefundId) => `${refundId} has already ended in another way.`,
)

export const PayoutNotFound = domainError(
  'PAYOUT_NOT_FOUND',
  'not_found',
  (payoutId: PayoutId) => `There is no payout ${payoutId}.`,
)

export const ReconciliationNotFound = domainError(
  'RECONCILIATION_NOT_FOUND',
  'not_found',
  (reconciliationId: ReconciliationId) => `There is no reconciliation ${reconciliationId}.`,
)

export const ProviderUnknown = domainError(
  'PROVIDER_UNKNOWN',
  'not_found',
  (provider: string) => `There is no payment provider ${provider}.`,
)

/** Not signed by the provider, signed too long ago, or no notice at all; which of it is nobody's business. */
export const WebhookRefused = domainError(
  'WEBHOOK_REFUSED',
  'invalid',
  () => 'The signature does not belong to this body, or is too old.',
)

export const LedgerUnbalanced = domainError(
  'LEDGER_UNBALANCED',
  'internal',
  (reference: string) => `The entries of ${reference} do not sum to zero.`,
)
