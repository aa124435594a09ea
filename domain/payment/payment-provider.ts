import type { Instant } from '../kernel/clock.ts'
import type { PaymentId, PayoutId, RefundId } from '../kernel/ids.ts'
import type { Money } from '../kernel/money.ts'
import type { Intent } from './intent.ts'
import type { DisputeId, ProviderAccountId, PurchaseRef } from './values.ts'

export interface IntentRequest {
  /** The idempotency key, and metadata by which a webhook finds the payment again. */
  readonly paymentId: PaymentId
  readonly purchase: PurchaseRef
  readonly money: Money
  /** No intent of this payment is older: where a provider looks for one that it may have made before. */
  readonly initiatedAt: Instant
}

export interface ProviderRefundRequest {
  /** The idempotency key, and metadata by which a webhook finds the refund again. */
  readonly refundId: RefundId
  readonly intentId: string
  readonly money: Money
  readonly requestedAt: Instant
}

/** A refund as read at the provider. */
export type ProviderRefund =
  | { readonly status: 'pending' | 'succeeded'; readonly providerRefundId: string }
  | { readonly status: 'failed'; readonly code: string }

/** An intent of the platform as the provider lists it. */
export interface ListedIntent {
  readonly paymentId: PaymentId
  readonly intent: Intent
}

/** A refund of the platform as the provider lists it. */
export interface ListedRefund {
  readonly refundId: RefundId
  readonly refund: ProviderRefund
}

/** A dispute as read at the provider, once it has taken the money. */
export interface ProviderDispute {
  readonly disputeId: DisputeId
  readonly status: 'open' | 'won' | 'lost'
  readonly money: Money
  /** In the provider's words. */
  readonly reason: string
}

/** A dispute of one of the platform's payments, with the intent that it is about. */
export interface DisputedIntent extends ListedIntent {
  readonly dispute: ProviderDispute
}

export interface ProviderPayoutRequest {
  /** The idempotency key, and what the provider's own transfer is found by. */
  readonly payoutId: PayoutId
  readonly accountId: ProviderAccountId
  readonly money: Money
  readonly scheduledAt: Instant
}

/** A transfer to a tutor's account as read at the provider. */
export interface ProviderPayout {
  readonly status: 'sent'
  readonly transferId: string
  /** What was taken back of it, in all. */
  readonly reversed: Money
}

/** A payout of the platform as the provider lists it. */
export interface ListedPayout {
  readonly payoutId: PayoutId
  readonly payout: ProviderPayout
}

/** A definite no, for which repeating the call is no use. */
export interface ProviderRefusal {
  readonly status: 'refused'
  readonly code: string
}

/**
 * Where money is taken. Every call may be repeated with the same key and then has no further effect. A refusal is an
 * answer; a provider that is slow, gone or limits the rate throws, and what happened is unknown until it is read.
 */
export interface PaymentProvider {
  createIntent(request: IntentRequest): Promise<Intent | ProviderRefusal>
  getIntent(intentId: string): Promise<Intent>
  /** The intent made with this key, or undefined where none is known; slow, for a payment that knows no intent id yet. */
  findIntent(request: Pick<IntentRequest, 'paymentId' | 'initiatedAt'>): Promise<Intent | undefined>
  /**
   * Answers with the intent as it is then: `cancelled`, `succeeded` where the payer was faster, or `processing` where
   * it cannot be cancelled while the provider is at work.
   */
  cancelIntent(intentId: string): Promise<Extract<Intent, { status: 'cancelled' | 'succeeded' | 'processing' }>>
  createRefund(request: ProviderRefundRequest): Promise<ProviderRefund | ProviderRefusal>
  /** The refund made with this key, or undefined where none is known. */
  findRefund(request: Pick<ProviderRefundRequest, 'refundId' | 'intentId'>): Promise<ProviderRefund | undefined>
  /** Every intent created since then that bears a payment id. */
  listIntents(createdFrom: Instant): AsyncIterable<ListedIntent>
  /** Every refund created since then that bears a refund id. */
  listRefunds(createdFrom: Instant): AsyncIterable<ListedRefund>
  /** Undefined for a mere inquiry, which has taken no money, and for what is none of the platform's. */
  findDispute(disputeId: DisputeId): Promise<DisputedIntent | undefined>
  sendPayout(request: ProviderPayoutRequest): Promise<ProviderPayout | ProviderRefusal>
  /** The transfer made with this key, or undefined where none is known. */
  findPayout(payoutId: PayoutId): Promise<ProviderPayout | undefined>
  /** Every transfer created since then that bears a payout id. */
  listPayouts(createdFrom: Instant): AsyncIterable<ListedPayout>
  /** Every dispute created since then that `findDispute` would find. */
  listDisputes(createdFrom: Instant): AsyncIterable<DisputedIntent>
}
