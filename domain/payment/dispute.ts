import { AggregateRoot } from '../kernel/aggregate-root.ts'
import type { Instant } from '../kernel/clock.ts'
import type { PaymentId, UserId } from '../kernel/ids.ts'
import type { Money } from '../kernel/money.ts'
import { DisputeAlreadyClosed } from './errors.ts'
import { DisputeClosed, DisputeOpened } from './events.ts'
import type { Payment } from './payment.ts'
import { sharesTakenBack } from './payment-state.ts'
import type { ProviderDispute } from './payment-provider.ts'
import type { DisputeId, PurchaseRef } from './values.ts'

interface DisputeFacts {
  readonly id: DisputeId
  readonly paymentId: PaymentId
  readonly purchase: PurchaseRef
  readonly payerId: UserId
  readonly money: Money
  readonly reason: string
  readonly openedAt: Instant
}

export interface OpenDispute extends DisputeFacts {
  readonly status: 'OPEN'
}

export interface ClosedDispute extends DisputeFacts {
  readonly status: 'WON' | 'LOST'
  readonly closedAt: Instant
}

export type DisputeState = OpenDispute | ClosedDispute

const CLOSED_AS = { won: 'WON', lost: 'LOST' } as const

/** Money that the payer's bank has taken back until it has decided. Every step also moves the payment's own count: save both. */
export class Dispute extends AggregateRoot<DisputeState> {
  static restore(state: DisputeState, version: number): Dispute {
    return new Dispute(state, version)
  }

  static open(payment: Payment, { disputeId: id, money, reason }: ProviderDispute, at: Instant): Dispute {
    const { id: paymentId, purchase, payerId } = payment.captured
    payment.withdraw(money)
    const facts = { id, paymentId, purchase, payerId, money, reason, openedAt: at }
    const dispute = new Dispute({ ...facts, status: 'OPEN' }, 0)
    dispute.apply(DisputeOpened, { disputeId: id, paymentId, purchase, money })
    return dispute
  }

  /** Applies what was read at the provider, in any order and number; true where it closed the dispute. */
  observe({ status: outcome }: Pick<ProviderDispute, 'status'>, payment: Payment, at: Instant): boolean {
    const state = this.current
    if (outcome === 'open') return false
    if (state.status === CLOSED_AS[outcome]) return false
    if (state.status !== 'OPEN') throw DisputeAlreadyClosed(this.id)
    const { id: disputeId, paymentId, purchase, money } = state
    const full = payment.settleDispute(money, outcome)
    this.become({ ...state, status: CLOSED_AS[outcome], closedAt: at })
    const tax = outcome === 'lost' ? sharesTakenBack(payment.captured, money).tax : undefined
    this.apply(DisputeClosed, { disputeId, paymentId, purchase, money, tax, outcome, full })
    return true
  }
}
