import type { CouponId, PaymentId, PayoutId, PurchaseId, RefundId, UserId } from '#domain/kernel/ids.ts'
import type { CouponState, Redemption } from '#domain/payment/coupon.ts'
import type { DisputeState } from '#domain/payment/dispute.ts'
import type { LedgerTransaction } from '#domain/payment/ledger.ts'
import type { PaymentState } from '#domain/payment/payment-state.ts'
import type { PayoutAccountState } from '#domain/payment/payout-account.ts'
import type { PayoutState } from '#domain/payment/payout.ts'
import type { PurchaseState } from '#domain/payment/purchase.ts'
import type { RefundState } from '#domain/payment/refund.ts'
import type { DisputeId, ReconciliationId } from '#domain/payment/values.ts'
import type { FinishedReconciliation, ProviderEvent } from '../../ports.ts'

export interface Versioned<State> {
  readonly state: State
  readonly version: number
}

/** What the payment service has stored: it outlives a killed process and is handed to the next one. */
export interface PaymentMemory {
  /** By kind and reference. */
  readonly purchases: Map<string, PurchaseState>
  readonly payments: Map<PaymentId, Versioned<PaymentState>>
  readonly refunds: Map<RefundId, Versioned<RefundState>>
  readonly coupons: Map<CouponId, Versioned<CouponState>>
  readonly redemptions: Map<PurchaseId, Redemption>
  readonly disputes: Map<DisputeId, Versioned<DisputeState>>
  readonly payoutAccounts: Map<UserId, Versioned<PayoutAccountState>>
  readonly payouts: Map<PayoutId, Versioned<PayoutState>>
  /** By reference. */
  readonly ledger: Map<string, LedgerTransaction>
  /** By provider and id. */
  readonly events: Map<string, ProviderEvent>
  readonly reconciliations: Map<ReconciliationId, FinishedReconciliation | 'running'>
}

export const createPaymentMemory = (): PaymentMemory => ({
  purchases: new Map(),
  payments: new Map(),
  refunds: new Map(),
  coupons: new Map(),
  redemptions: new Map(),
  disputes: new Map(),
  payoutAccounts: new Map(),
  payouts: new Map(),
  ledger: new Map(),
  events: new Map(),
  reconciliations: new Map(),
})
