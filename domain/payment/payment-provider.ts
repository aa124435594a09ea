import type { PaymentId, RefundId } from '../kernel/ids.ts'
import type { Money } from '../kernel/money.ts'
import type { Intent } from './intent.ts'
import type { PurchaseRef } from './values.ts'

export interface IntentRequest {
  /** The idempotency key, and metadata by which a webhook finds the payment again. */
  readonly paymentId: PaymentId
  readonly purchase: PurchaseRef
  readonly money: Money
}

export interface ProviderRefundRequest {
  /** The idempotency key, and metadata by which a webhook finds the refund again. */
  readonly refundId: RefundId
  readonly intentId: string
  readonly money: Money
}

/** A refund as read at the provider. */
export type ProviderRefund =
  | { readonly status: 'pending' | 'succeeded'; readonly providerRefundId: string }
  | { readonly status: 'failed'; readonly code: string }

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
  /**
   * Answers with the intent as it is then: `cancelled`, `succeeded` where the payer was faster, or `processing` where
   * it cannot be cancelled while the provider is at work.
   */
  cancelIntent(intentId: string): Promise<Extract<Intent, { status: 'cancelled' | 'succeeded' | 'processing' }>>
  createRefund(request: ProviderRefundRequest): Promise<ProviderRefund | ProviderRefusal>
  /** The refund made with this key, or undefined where none is known. */
  findRefund(request: Pick<ProviderRefundRequest, 'refundId' | 'intentId'>): Promise<ProviderRefund | undefined>
}
