import type { Instant } from '../kernel/clock.ts'
import { domainError } from '../kernel/errors.ts'
import type { PaymentId, RefundId } from '../kernel/ids.ts'
import { formatMoney, type Money } from '../kernel/money.ts'
import type { PaymentStatus, PurchaseRef } from './values.ts'

export const PaymentNotFound = domainError(
  'PAYMENT_NOT_FOUND',
  'not_found',
  (paymentId: PaymentId) => `There is no payment ${paymentId}.`,
)

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

/** The provider says the opposite of what is recorded; kept for a person to look at, never applied. */
export const RefundAlreadySettled = domainError(
  'REFUND_ALREADY_SETTLED',
  'conflict',
  (refundId: RefundId) => `${refundId} has already ended in another way.`,
)

export const LedgerUnbalanced = domainError(
  'LEDGER_UNBALANCED',
  'internal',
  (reference: string) => `The entries of ${reference} do not sum to zero.`,
)
