import type { Instant } from '../kernel/clock.ts'
import type { UserId } from '../kernel/ids.ts'
import type { Currency, Money } from '../kernel/money.ts'
import { LedgerUnbalanced } from './errors.ts'
import type { ClosedDispute, DisputeState } from './dispute.ts'
import type { CompletedPayment } from './payment-state.ts'
import type { ProcessedRefund } from './refund.ts'

/** What a learner owes, what the platform has earned, what the provider holds for it, and what banks dispute. */
export type LedgerAccount = `learner:${UserId}` | 'platform' | 'provider' | 'disputes'

/** One line of the book. `amount` is in minor units: a debit is positive, a credit negative. */
export interface LedgerEntry {
  readonly account: LedgerAccount
  readonly amount: number
  readonly currency: Currency
}

/** Entries that stand or fall together; they are appended once per reference and never changed. */
export interface LedgerTransaction {
  /** `capture:pay_...`, `refund:rfn_...`, `dispute:dp_...` or `verdict:dp_...`; unique. */
  readonly reference: string
  readonly at: Instant
  readonly entries: readonly LedgerEntry[]
}

const totals = (entries: readonly LedgerEntry[]): Map<Currency, number> => {
  const sums = new Map<Currency, number>()
  for (const { amount, currency } of entries) sums.set(currency, (sums.get(currency) ?? 0) + amount)
  return sums
}

/** The only way to a transaction: entries that do not sum to zero in every currency are refused. */
export const transaction = (reference: string, at: Instant, entries: readonly LedgerEntry[]): LedgerTransaction => {
  for (const sum of totals(entries).values()) if (sum !== 0) throw LedgerUnbalanced(reference)
  return { reference, at, entries }
}

/** Moves money from one account to another. */
const move = ({ amount, currency }: Money, from: LedgerAccount, to: LedgerAccount): readonly LedgerEntry[] => [
  { account: to, amount, currency },
  { account: from, amount: -amount, currency },
]

/** The sale (the learner owes the platform) and its payment (the provider holds it, the learner owes nothing). */
export const capture = ({ id, payerId, money, completedAt }: CompletedPayment): LedgerTransaction =>
  transaction(`capture:${id}`, completedAt, [
    ...move(money, 'platform', `learner:${payerId}`),
    ...move(money, `learner:${payerId}`, 'provider'),
  ])

/** The sale undone and its money handed back. */
export const refund = ({ id, payerId, money, processedAt }: ProcessedRefund): LedgerTransaction =>
  transaction(`refund:${id}`, processedAt, [
    ...move(money, `learner:${payerId}`, 'platform'),
    ...move(money, 'provider', `learner:${payerId}`),
  ])

/** The bank takes the money back until it has decided. */
export const withdrawal = ({ id, money, openedAt }: DisputeState): LedgerTransaction =>
  transaction(`dispute:${id}`, openedAt, move(money, 'provider', 'disputes'))

/** The bank has decided: the provider has the money again, or the sale is undone. */
export const verdict = ({ id, money, status, closedAt }: ClosedDispute): LedgerTransaction =>
  transaction(`verdict:${id}`, closedAt, move(money, 'disputes', status === 'WON' ? 'provider' : 'platform'))

/** What an account stands at, in minor units of one currency. */
export const balance = (book: readonly LedgerTransaction[], account: LedgerAccount, currency: Currency): number =>
  totals(book.flatMap(({ entries }) => entries.filter((entry) => entry.account === account))).get(currency) ?? 0
