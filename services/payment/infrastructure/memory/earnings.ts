import type { Earnings } from '#domain/payment/earnings.ts'
import type { Instant } from '#domain/kernel/clock.ts'
import type { UserId } from '#domain/kernel/ids.ts'
import type { Currency } from '#domain/kernel/money.ts'
import { takenBack } from '#domain/payment/shares.ts'
import type { PaymentState } from '#domain/payment/payment-state.ts'
import type { EarningsQueries } from '../../ports.ts'
import type { PaymentMemory } from './payment-memory.ts'

type Part = Pick<Earnings, 'currency'> & Partial<Earnings>

/** What is left of a tutor's share of a sale that its payer may have back. */
const heldOf = (state: PaymentState, tutorId: UserId, heldSince: Instant): Part[] => {
  if (state.status !== 'COMPLETED' || state.shares.tutor?.tutorId !== tutorId) return []
  const { completedAt, disputed, money, refunded, chargedBack, shares } = state
  if (completedAt < heldSince && disputed.amount === 0) return []
  const after = Math.min(refunded.amount + chargedBack.amount, money.amount)
  const gone = takenBack(shares, { total: money.amount, before: 0, after }).tutor?.money.amount ?? 0
  return [{ currency: money.currency, onHold: (shares.tutor?.money.amount ?? 0) - gone }]
}

export const createMemoryEarnings = ({ ledger, payments, payouts }: PaymentMemory): EarningsQueries => ({
  of: async (tutorId, heldSince) => {
    const parts: Part[] = [
      ...[...ledger.values()]
        .flatMap(({ entries }) => entries)
        .filter(({ account }) => account === `tutor:${tutorId}`)
        .map(({ currency, amount }) => ({ currency, owed: -amount })),
      ...[...payments.values()].flatMap(({ state }) => heldOf(state, tutorId, heldSince)),
      ...[...payouts.values()]
        .filter(({ state }) => state.tutorId === tutorId)
        .map(({ state }) => ({
          currency: state.money.currency,
          inTransit: state.status === 'SCHEDULED' ? state.money.amount : 0,
          paidOut: state.status === 'SENT' ? state.money.amount - state.reversed.amount : 0,
        })),
    ]
    const sum = (currency: Currency, of: Exclude<keyof Earnings, 'currency'>): number =>
      parts.reduce((total, part) => total + (part.currency === currency ? (part[of] ?? 0) : 0), 0)
    return [...new Set(parts.map(({ currency }) => currency))].toSorted().map((currency) => ({
      currency,
      owed: sum(currency, 'owed'),
      onHold: sum(currency, 'onHold'),
      inTransit: sum(currency, 'inTransit'),
      paidOut: sum(currency, 'paidOut'),
    }))
  },
})
