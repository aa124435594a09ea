import { EnrollmentId, type PaymentId } from '#domain/kernel/ids.ts'
import { isStanding } from '#domain/learning/grant.ts'
import type { EnrollmentState } from '#domain/learning/enrollment-state.ts'
import { heldSince } from '#domain/payment/earnings.ts'
import type { PayoutState } from '#domain/payment/payout.ts'
import type { LedgerEntry } from '#domain/payment/ledger.ts'
import type { World } from '../world/world.ts'
import type { Invariant } from './evidence.ts'

const paymentState = ({ payment }: World, id: PaymentId) => payment.payments.get(id)?.state

const enrollmentFor = (world: World, id: PaymentId): EnrollmentState | undefined => {
  const refId = EnrollmentId.safeParse(paymentState(world, id)?.purchase.refId).data
  return refId && world.learning.enrollments.get(refId)?.state
}

const holdsGrantOf = ({ grants, status }: EnrollmentState, paymentId: PaymentId): boolean =>
  (status === 'ACTIVE' || status === 'COMPLETED') &&
  grants.some((grant) => grant.source === 'purchase' && grant.ref === paymentId && isStanding(grant))

/** I1: for one enrollment, at most one intent has taken money or still can. */
export function* chargedOnce({ world }: Parameters<Invariant>[0]): Iterable<string> {
  const chargeable = [...world.bank.provider.account.intents.values()].filter(
    ({ intent }) => intent.status !== 'cancelled',
  )
  const byEnrollment = Map.groupBy(chargeable, ({ paymentId }) => paymentState(world, paymentId)?.purchase.refId)
  for (const [refId, intents] of byEnrollment)
    if (refId !== undefined && intents.length > 1)
      yield `${refId} can be charged by ${intents.map(({ intent }) => intent.intentId).join(' and ')}`
}

/** What the payer has again: by refunds, and by disputes that were lost. */
const goneFrom = (account: World['bank']['provider']['account'], intentId: string): number =>
  account.givenBack(intentId) + account.withdrawn(intentId, ['lost'])

/** I2: captured money has an active enrollment, or is back. */
export function* moneyHasItsUse({ world }: Parameters<Invariant>[0]): Iterable<string> {
  const { account } = world.bank.provider
  for (const [intentId, { paymentId }] of account.intents) {
    const captured = account.captured(intentId)
    if (captured === 0 || goneFrom(account, intentId) === captured) continue
    const enrollment = enrollmentFor(world, paymentId)
    if (!enrollment || !holdsGrantOf(enrollment, paymentId))
      yield `${intentId} took ${captured} for ${paymentId}, whose enrollment is ${enrollment?.status ?? 'unknown'}`
  }
}

/** I3, at any time: who is active has a grant, and no purchase grant is without its charge. */
export function* grantsAreCovered({ world }: Parameters<Invariant>[0]): Iterable<string> {
  const { account } = world.bank.provider
  for (const { state } of world.learning.enrollments.values()) {
    if (state.status === 'ACTIVE' && !state.grants.some(isStanding)) yield `${state.id} is active without a grant`
    for (const { source, ref } of state.grants.filter(isStanding)) {
      if (source !== 'purchase') continue
      const charged = [...account.intents.values()].some(
        ({ paymentId, intent }) => paymentId === ref && intent.status === 'succeeded',
      )
      if (!charged) yield `${state.id} has a purchase grant of ${ref}, which was never charged`
    }
  }
}

/** I3, in the end: a charge that is back entirely, whoever took it back, grants nothing. */
export function* refundsEndGrants({ world }: Parameters<Invariant>[0]): Iterable<string> {
  const { account } = world.bank.provider
  for (const [intentId, { paymentId }] of account.intents) {
    const captured = account.captured(intentId)
    const enrollment = enrollmentFor(world, paymentId)
    if (captured > 0 && goneFrom(account, intentId) === captured && enrollment && holdsGrantOf(enrollment, paymentId))
      yield `${enrollment.id} is active although the money of ${intentId} is gone`
  }
}

/** What of a payout is not with the platform. */
const paidBy = (state: PayoutState): number => {
  if (state.status === 'FAILED') return 0
  return state.money.amount - (state.status === 'SENT' ? state.reversed.amount : 0)
}

const sumsOf = (entries: readonly LedgerEntry[]): Map<string, number> => {
  const sums = new Map<string, number>()
  for (const { amount, currency } of entries) sums.set(currency, (sums.get(currency) ?? 0) + amount)
  return sums
}

/** I10: every transaction of the ledger sums to zero in every currency. */
export function* ledgerBalances({ world }: Parameters<Invariant>[0]): Iterable<string> {
  for (const { reference, entries } of world.payment.ledger.values())
    for (const [currency, sum] of sumsOf(entries)) if (sum !== 0) yield `${reference} is off by ${sum} ${currency}`
}

/** I10, in the end: tax and tutors have their share of what is left of every sale, less what was paid out. */
export function* sharesMatchSales({ world }: Parameters<Invariant>[0]): Iterable<string> {
  const due = [...world.payment.payments.values()].flatMap(({ state }): LedgerEntry[] => {
    if (state.status !== 'COMPLETED') return []
    const { money, shares, refunded, chargedBack } = state
    const gone = Math.min(refunded.amount + chargedBack.amount, money.amount)
    const left = (whole: number) => whole - Math.floor((whole * gone) / money.amount)
    const { tax, tutor } = shares
    return [
      { account: 'tax', amount: -left(tax?.money.amount ?? 0), currency: money.currency },
      {
        account: `tutor:${world.learning.course.tutorId}`,
        amount: -left(tutor?.money.amount ?? 0),
        currency: money.currency,
      },
    ]
  })
  const paidOut = [...world.payment.payouts.values()].map(
    ({ state }): LedgerEntry => ({
      account: `tutor:${state.tutorId}`,
      amount: paidBy(state),
      currency: state.money.currency,
    }),
  )
  const booked = [...world.payment.ledger.values()].flatMap(({ entries }) => entries)
  for (const account of ['tax', `tutor:${world.learning.course.tutorId}`] as const) {
    const [owed, stands] = [[...due, ...paidOut], booked].map((all) =>
      sumsOf(all.filter((entry) => entry.account === account)),
    )
    for (const [currency, amount] of stands ?? [])
      if (amount !== (owed?.get(currency) ?? 0))
        yield `${account} stands at ${amount} ${currency}, and should at ${owed?.get(currency) ?? 0}`
  }
}

/** I10, in the end: the ledger says what the provider says. */
export function* ledgerMatchesProvider({ world }: Parameters<Invariant>[0]): Iterable<string> {
  const { account } = world.bank.provider
  const held = sumsOf(
    [...world.payment.ledger.values()].flatMap(({ entries }) => entries.filter(({ account: of }) => of === 'provider')),
  )
  const actual = sumsOf([
    ...[...account.intents].map(([intentId, { intent }]) => ({
      account: 'provider' as const,
      amount: account.captured(intentId) - account.givenBack(intentId) - account.withdrawn(intentId),
      currency: intent.money.currency,
    })),
    ...[...account.transfers.values()].map(({ money, payout }) => ({
      account: 'provider' as const,
      amount: payout.reversed.amount - money.amount,
      currency: money.currency,
    })),
  ])
  for (const currency of new Set([...held.keys(), ...actual.keys()]))
    if ((held.get(currency) ?? 0) !== (actual.get(currency) ?? 0))
      yield `the ledger holds ${held.get(currency) ?? 0} ${currency}, the provider ${actual.get(currency) ?? 0}`
}

/**
 * I10: what is paid out comes from sales whose payers cannot have it back any more, and from each once. What staff or a
 * bank give back of these at the same moment leaves a debt of the tutor, as it does a moment later.
 */
export const createPayoutWatch = (): Invariant => {
  const seen = new Set<string>()
  return function* payoutsAreEarned({ world }) {
    const { payments, payouts } = world.payment
    for (const [id, { state }] of payouts) {
      if (seen.has(id)) continue
      seen.add(id)
      const { currency } = state.money
      const since = heldSince(state.scheduledAt)
      const earned = sum([...payments.values()], ({ state: sale }) =>
        sale.status === 'COMPLETED' && sale.money.currency === currency && sale.completedAt < since
          ? (sale.shares.tutor?.money.amount ?? 0)
          : 0,
      )
      const paidOut = sum([...payouts.values()], ({ state: paid }) =>
        paid.money.currency === currency ? paidBy(paid) : 0,
      )
      if (paidOut > earned) yield `${paidOut} ${currency} are paid out with ${id}, of ${earned} that were earned`
    }
  }
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0)

/** I10, in the end: what was paid out was sent once, to the cent, and nothing else was. */
export function* payoutsAreSent({ world }: Parameters<Invariant>[0]): Iterable<string> {
  const { payouts } = world.payment
  const sent = Map.groupBy(world.bank.provider.account.transfers.values(), ({ payoutId }) => payoutId)
  for (const [id, { state }] of payouts) {
    const amounts = (sent.get(id) ?? []).map(({ money }) => money.amount)
    const due = state.status === 'SENT' ? [state.money.amount] : []
    if (state.status === 'SCHEDULED') yield `${id} is still on its way`
    if (String(amounts) !== String(due))
      yield `${id} is ${state.status}, and [${amounts}] was sent in place of [${due}]`
  }
  for (const id of sent.keys()) if (!payouts.has(id)) yield `${id} was sent, and nobody knows`
}
