import type { Instant } from '../kernel/clock.ts'
import type { UserId } from '../kernel/ids.ts'
import type { Currency, Money } from '../kernel/money.ts'
import { LedgerUnbalanced } from './errors.ts'
import type { ClosedDispute, DisputeState } from './dispute.ts'
import { type CompletedPayment, sharesTakenBack } from './payment-state.ts'
import type { PayoutChange, PayoutState } from './payout.ts'
import type { ProcessedRefund } from './refund.ts'
import type { Shares } from './shares.ts'

/**
 * What a learner owes, what the platform has earned, what it owes a tutor and the tax office, what is on its way to
 * tutors, what the provider holds for it, and what banks dispute.
 */
export type LedgerAccount =
  | `learner:${UserId}`
  | 'platform'
  | `tutor:${UserId}`
  | 'tax'
  | 'payouts'
  | 'provider'
  | 'disputes'

/** One line of the book. `amount` is in minor units: a debit is positive, a credit negative. */
export interface LedgerEntry {
  readonly account: LedgerAccount
  readonly amount: number
  readonly currency: Currency
}

/** Entries that stand or fall together; they are appended once per reference and never changed. */
export interface LedgerTransaction {
  /** What happened to what: `capture:pay_...`, `payout:pyt_...`; unique. */
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

/** Shares that go from one hand to the other; what is nothing is not written down. */
const divide = ({ tax, tutor }: Shares, direction: 'out' | 'back'): readonly LedgerEntry[] => {
  const owed: readonly (readonly [LedgerAccount, Money])[] = [
    ...(tax ? [['tax', tax.money] as const] : []),
    ...(tutor ? [[`tutor:${tutor.tutorId}`, tutor.money] as const] : []),
  ]
  return owed
    .filter(([, { amount }]) => amount > 0)
    .flatMap(([account, money]) =>
      direction === 'out' ? move(money, account, 'platform') : move(money, 'platform', account),
    )
}

/** The sale (the learner owes the platform) and its payment (the provider holds it, the learner owes nothing), and whose it is in part. */
export const capture = ({ id, payerId, money, shares, completedAt }: CompletedPayment): LedgerTransaction =>
  transaction(`capture:${id}`, completedAt, [
    ...move(money, 'platform', `learner:${payerId}`),
    ...move(money, `learner:${payerId}`, 'provider'),
    ...divide(shares, 'out'),
  ])

/**
 * The sale undone and its money handed back.
 * @param payment as it is after the refund
 */
export const refund = (
  { id, payerId, money, processedAt }: ProcessedRefund,
  payment: CompletedPayment,
): LedgerTransaction =>
  transaction(`refund:${id}`, processedAt, [
    ...move(money, `learner:${payerId}`, 'platform'),
    ...move(money, 'provider', `learner:${payerId}`),
    ...divide(sharesTakenBack(payment, money), 'back'),
  ])

/** The bank takes the money back until it has decided. */
export const withdrawal = ({ id, money, openedAt }: DisputeState): LedgerTransaction =>
  transaction(`dispute:${id}`, openedAt, move(money, 'provider', 'disputes'))

/**
 * The bank has decided: the provider has the money again, or the sale is undone.
 * @param payment as it is after the verdict
 */
export const verdict = ({ id, money, status, closedAt }: ClosedDispute, payment: CompletedPayment): LedgerTransaction =>
  transaction(
    `verdict:${id}`,
    closedAt,
    status === 'WON'
      ? move(money, 'disputes', 'provider')
      : [...move(money, 'disputes', 'platform'), ...divide(sharesTakenBack(payment, money), 'back')],
  )

type Outgoing = Pick<PayoutState, 'id' | 'tutorId' | 'money'>

/** Earnings are taken out of reach of a second payout. */
export const payoutScheduled = ({ id, tutorId, money }: Outgoing, at: Instant): LedgerTransaction =>
  transaction(`payout:${id}`, at, move(money, 'payouts', `tutor:${tutorId}`))

/** What the provider has done with a payout. */
export const payoutChanged = (
  { id, tutorId, money }: Outgoing,
  change: PayoutChange,
  at: Instant,
): LedgerTransaction => {
  switch (change.kind) {
    case 'sent':
      return transaction(`sent:${id}`, at, move(money, 'provider', 'payouts'))
    case 'failed':
      return transaction(`failed:${id}`, at, move(money, `tutor:${tutorId}`, 'payouts'))
    case 'reversed': {
      const reference = `reversal:${id}:${change.inAll.amount}`
      return transaction(reference, at, move(change.money, `tutor:${tutorId}`, 'provider'))
    }
  }
}

/** What an account stands at, in minor units of one currency. */
export const balance = (book: readonly LedgerTransaction[], account: LedgerAccount, currency: Currency): number =>
  totals(book.flatMap(({ entries }) => entries.filter((entry) => entry.account === account))).get(currency) ?? 0
