import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addMs, DAY, HOUR } from '../kernel/clock.ts'
import { type Earnings, isSettledUp, payoutOf } from './earnings.ts'
import { eur, NOW, TUTOR, typesOf } from './fixtures.ts'
import { balance, type LedgerTransaction, payoutChanged, payoutScheduled } from './ledger.ts'
import { PayoutAccount } from './payout-account.ts'
import { Payout } from './payout.ts'

const scheduled = (): Payout =>
  Payout.schedule({
    id: 'pyt_01950000-0000-7000-8000-000000000001',
    tutorId: TUTOR,
    accountId: 'acct_1',
    money: eur(8_000),
    scheduledAt: NOW,
  })
const sent = (reversed = 0) => ({ status: 'sent', transferId: 'tr_1', reversed: eur(reversed) }) as const
const refused = { status: 'refused', code: 'account_closed' } as const

describe('a payout', () => {
  test('is told once when its money has left', () => {
    const payout = scheduled()
    expect(payout.observe(sent(), NOW)).toEqual([{ kind: 'sent' }])
    expect(payout.observe(sent(), NOW)).toEqual([])
    expect(payout.state).toMatchObject({ status: 'SENT', transferId: 'tr_1', reversed: eur(0) })
    expect(typesOf(payout)).toEqual(['payment.payout_sent'])
  })

  test('that was refused stays refused, and one that was sent stays sent', () => {
    const payout = scheduled()
    expect(payout.observe(refused, NOW)).toEqual([{ kind: 'failed' }])
    expect(payout.observe(sent(), NOW)).toEqual([])
    expect(payout.state).toMatchObject({ status: 'FAILED', code: 'account_closed' })
    const other = scheduled()
    other.observe(sent(), NOW)
    expect(other.observe(refused, NOW)).toEqual([])
    expect(typesOf(payout)).toEqual([])
  })

  test('agrees with the book, in whatever order and however often its reversals are heard of', () => {
    const fact = fc.oneof(fc.constant(refused), fc.integer({ min: 0, max: 8_000 }).map(sent))
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 10 }), (facts) => {
        const payout = scheduled()
        const book: LedgerTransaction[] = [payoutScheduled(payout.state, NOW)]
        for (const heard of facts)
          for (const change of payout.observe(heard, NOW)) book.push(payoutChanged(payout.state, change, NOW))
        const { state } = payout
        const due = {
          SCHEDULED: [8_000, -8_000, 0],
          FAILED: [0, 0, 0],
          SENT: [8_000, 0, -8_000],
        }[state.status]
        const back = state.status === 'SENT' ? state.reversed.amount : 0
        const at = [`tutor:${TUTOR}` as const, 'payouts' as const, 'provider' as const]
        expect(at.map((account) => balance(book, account, 'EUR'))).toEqual([
          (due[0] ?? 0) - back,
          due[1],
          (due[2] ?? 0) + back,
        ])
        expect(new Set(book.map(({ reference }) => reference)).size).toBe(book.length)
      }),
    )
  })
})

describe('earnings', () => {
  const earned = (changes: Partial<Earnings>): Earnings => ({
    currency: 'EUR',
    owed: 0,
    onHold: 0,
    inTransit: 0,
    paidOut: 0,
    ...changes,
  })

  test.each<[string, Partial<Earnings>, number | undefined]>([
    ['all that is owed', { owed: 8_000 }, 8_000],
    ['not what a payer may still have back', { owed: 8_000, onHold: 3_000 }, 5_000],
    ['nothing where more was taken back than came', { owed: -300 }, undefined],
    ['nothing below the smallest payout', { owed: 999 }, undefined],
    ['in steps that can be transferred', { owed: 12_345, currency: 'KWD' }, 12_340],
    ['at most what can be moved at once', { owed: 250_000_000 }, 99_999_999],
  ])('are paid out: %s', (_, changes, amount) => {
    expect(payoutOf(earned(changes), false)?.amount).toBe(amount)
  })

  test('are paid out to the last cent for who has left', () => {
    expect(payoutOf(earned({ owed: 1 }), true)).toEqual(eur(1))
    expect(payoutOf(earned({ owed: 0 }), true)).toBeUndefined()
    expect([{ owed: 1 }, { inTransit: 1 }, { owed: -5 }].map((given) => isSettledUp(earned(given)))).toEqual([
      false,
      false,
      true,
    ])
  })
})

describe('a payout account', () => {
  const account = () => PayoutAccount.register(TUTOR, 'acct_1', NOW)

  test('is paid to weekly, and looked at daily while there is nothing to pay', () => {
    const visited = account()
    visited.visited(true, NOW)
    expect(visited.state.nextPayoutAt).toBe(addMs(NOW, 7 * DAY))
    visited.visited(false, NOW)
    expect(visited.state.nextPayoutAt).toBe(addMs(NOW, DAY))
  })

  test('of a tutor who leaves is looked at at once, and daily', () => {
    const left = account()
    left.visited(true, NOW)
    left.leave(addMs(NOW, HOUR))
    expect(left.state).toMatchObject({ leaving: true, nextPayoutAt: addMs(NOW, HOUR) })
    left.visited(true, NOW)
    expect(left.state.nextPayoutAt).toBe(addMs(NOW, DAY))
  })

  test('is paid to no sooner than a day after it was named, and no later than was due', () => {
    const moved = account()
    expect(moved.state.nextPayoutAt).toBe(addMs(NOW, DAY))
    expect(moved.replace('acct_2', addMs(NOW, HOUR))).toBe(true)
    expect(moved.state).toMatchObject({ accountId: 'acct_2', nextPayoutAt: addMs(NOW, DAY + HOUR) })
    moved.visited(true, NOW)
    expect(moved.replace('acct_3', addMs(NOW, DAY))).toBe(true)
    expect(moved.state).toMatchObject({ accountId: 'acct_3', nextPayoutAt: addMs(NOW, 7 * DAY) })
  })

  test('that is named again stays as it is', () => {
    const same = account()
    expect(same.replace('acct_1', addMs(NOW, HOUR))).toBe(false)
    expect(same.state.nextPayoutAt).toBe(addMs(NOW, DAY))
  })
})
