import { AggregateRoot } from '../kernel/aggregate-root.ts'
import type { Instant } from '../kernel/clock.ts'
import type { PayoutId, UserId } from '../kernel/ids.ts'
import { type Money, subtractMoney } from '../kernel/money.ts'
import { PayoutSent } from './events.ts'
import type { ProviderPayout, ProviderRefusal } from './payment-provider.ts'
import type { ProviderAccountId } from './values.ts'

interface PayoutFacts {
  readonly id: PayoutId
  readonly tutorId: UserId
  readonly accountId: ProviderAccountId
  readonly money: Money
  readonly scheduledAt: Instant
}

export interface ScheduledPayout extends PayoutFacts {
  readonly status: 'SCHEDULED'
}

export interface SentPayout extends PayoutFacts {
  readonly status: 'SENT'
  /** Unique over all payouts. */
  readonly transferId: string
  /** What was taken back from the tutor's account afterwards. */
  readonly reversed: Money
  readonly sentAt: Instant
}

export interface FailedPayout extends PayoutFacts {
  readonly status: 'FAILED'
  readonly code: string
  readonly failedAt: Instant
}

export type PayoutState = ScheduledPayout | SentPayout | FailedPayout

/** What a fact of the provider has changed, for the book. */
export type PayoutChange =
  | { readonly kind: 'sent' | 'failed' }
  /** Minor units that have come back, and how much that is in all. */
  | { readonly kind: 'reversed'; readonly money: Money; readonly inAll: Money }

/** Earnings on their way to a tutor. */
export class Payout extends AggregateRoot<PayoutState> {
  static schedule(facts: PayoutFacts): Payout {
    return new Payout({ ...facts, status: 'SCHEDULED' }, 0)
  }

  static restore(state: PayoutState, version: number): Payout {
    return new Payout(state, version)
  }

  /** Applies what was read at the provider, in any order and number; answers with what it has changed. */
  observe(fact: ProviderPayout | ProviderRefusal, at: Instant): readonly PayoutChange[] {
    if (fact.status === 'refused') return this.#fail(fact.code, at)
    return [...this.#send(fact.transferId, at), ...this.#reverse(fact.reversed)]
  }

  #send(transferId: string, at: Instant): readonly PayoutChange[] {
    const state = this.current
    if (state.status !== 'SCHEDULED') return []
    const { id: payoutId, tutorId, money } = state
    this.become({ ...state, status: 'SENT', transferId, reversed: { ...money, amount: 0 }, sentAt: at })
    this.apply(PayoutSent, { payoutId, tutorId, money })
    return [{ kind: 'sent' }]
  }

  #reverse(inAll: Money): readonly PayoutChange[] {
    const state = this.current
    if (state.status !== 'SENT' || inAll.amount <= state.reversed.amount) return []
    const money = subtractMoney(inAll, state.reversed)
    this.become({ ...state, reversed: inAll })
    return [{ kind: 'reversed', money, inAll }]
  }

  #fail(code: string, at: Instant): readonly PayoutChange[] {
    const state = this.current
    if (state.status !== 'SCHEDULED') return []
    this.become({ ...state, status: 'FAILED', code, failedAt: at })
    return [{ kind: 'failed' }]
  }
}
