import type { Instant } from '../kernel/clock.ts'
import type { PaymentId, PurchaseId, UserId } from '../kernel/ids.ts'
import { addMoney, type Money } from '../kernel/money.ts'
import type { CancelRequest } from './intent.ts'
import { type Shares, takenBack } from './shares.ts'
import type { PurchaseRef } from './values.ts'

export interface PaymentFacts {
  readonly id: PaymentId
  readonly purchaseId: PurchaseId
  readonly purchase: PurchaseRef
  readonly payerId: UserId
  /** The purchase's total. */
  readonly money: Money
  readonly shares: Shares
  readonly initiatedAt: Instant
}

interface Unsettled {
  /** A wish until the provider confirms it: until then the payer may still have paid. */
  readonly cancelRequested: CancelRequest | null
}

/** The intent is on its way to the provider. */
export interface InitiatedPayment extends PaymentFacts, Unsettled {
  readonly status: 'INITIATED'
}

/** The payer has to confirm (REQUIRES_ACTION), or the provider is at work (PROCESSING). */
export interface PendingPayment extends PaymentFacts, Unsettled {
  readonly status: 'REQUIRES_ACTION' | 'PROCESSING'
  readonly intentId: string
  readonly clientSecret: string
}

export interface CompletedPayment extends PaymentFacts {
  readonly status: 'COMPLETED'
  readonly intentId: string
  readonly completedAt: Instant
  /** Set aside for refunds that the provider has not settled. */
  readonly refundPending: Money
  readonly refunded: Money
  /** Withdrawn by the payer's bank until it has decided. */
  readonly disputed: Money
  /** Withdrawn for good. */
  readonly chargedBack: Money
}

/** Ended without money. The intent is null where the provider refused to create one. */
export interface EndedPayment extends PaymentFacts {
  readonly status: 'FAILED' | 'CANCELLED'
  readonly intentId: string | null
  readonly code: string
  readonly endedAt: Instant
}

export type PaymentState = InitiatedPayment | PendingPayment | CompletedPayment | EndedPayment

export const factsOf = ({
  id,
  purchaseId,
  purchase,
  payerId,
  money,
  shares,
  initiatedAt,
}: PaymentState): PaymentFacts => ({
  id,
  purchaseId,
  purchase,
  payerId,
  money,
  shares,
  initiatedAt,
})

/** What a step that took `money` back, the last one of this payment, takes of each share. */
export const sharesTakenBack = (
  { shares, money: { amount: total }, refunded, chargedBack }: CompletedPayment,
  money: Money,
): Shares => {
  const gone = addMoney(refunded, chargedBack).amount
  // A bank may take what has been given back before: a share goes once.
  return takenBack(shares, { total, before: Math.min(gone - money.amount, total), after: Math.min(gone, total) })
}

export const intentIdOf = (state: PaymentState): string | null => (state.status === 'INITIATED' ? null : state.intentId)
