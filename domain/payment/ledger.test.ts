import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Currency, type Money } from '../kernel/money.ts'
import { LedgerUnbalanced } from './errors.ts'
import { COURSE, eur, LEARNER, NOW, PAYMENT_ID, PURCHASE_ID } from './fixtures.ts'
import { balance, capture, type LedgerEntry, type LedgerTransaction, refund, transaction } from './ledger.ts'
import type { CompletedPayment } from './payment-state.ts'
import type { ProcessedRefund } from './refund.ts'

const paid = (money: Money): CompletedPayment => ({
  id: PAYMENT_ID,
  purchaseId: PURCHASE_ID,
  purchase: COURSE,
  payerId: LEARNER,
  money,
  initiatedAt: NOW,
  status: 'COMPLETED',
  intentId: 'pi_1',
  completedAt: NOW,
  refundPending: { ...money, amount: 0 },
  refunded: { ...money, amount: 0 },
  disputed: { ...money, amount: 0 },
  chargedBack: { ...money, amount: 0 },
})

const refunded = (money: Money): ProcessedRefund => ({
  id: 'rfn_01950000-0000-7000-8000-000000000001',
  paymentId: PAYMENT_ID,
  purchase: COURSE,
  payerId: LEARNER,
  money,
  reason: 'duplicate',
  actionId: 'a1',
  requestedAt: NOW,
  status: 'PROCESSED',
  providerRefundId: 're_1',
  full: true,
  processedAt: NOW,
})

const money = fc.record({
  amount: fc.integer({ min: 1, max: 99_999_999 }),
  currency: fc.constantFrom(...Currency.options),
})

const sums = ({ entries }: LedgerTransaction): number[] =>
  Currency.options.map((currency) =>
    entries.filter((entry) => entry.currency === currency).reduce((sum, { amount }) => sum + amount, 0),
  )

describe('the ledger', () => {
  test('sums to zero in every currency for every capture and refund', () => {
    fc.assert(
      fc.property(money, (amount) => {
        for (const posted of [capture(paid(amount)), refund(refunded(amount))])
          expect(sums(posted).every((sum) => sum === 0)).toBe(true)
      }),
    )
  })

  test('stands at what was captured less what was refunded, for any book', () => {
    fc.assert(
      fc.property(fc.array(money), fc.array(money), (captures, refunds) => {
        const book = [...captures.map((m) => capture(paid(m))), ...refunds.map((m) => refund(refunded(m)))]
        for (const currency of Currency.options) {
          const total = (list: Money[]) =>
            list.filter((m) => m.currency === currency).reduce((sum, { amount }) => sum + amount, 0)
          const held = total(captures) - total(refunds)
          expect(balance(book, 'provider', currency)).toBe(held)
          expect(balance(book, 'platform', currency)).toBe(0 - held)
          expect(balance(book, `learner:${LEARNER}`, currency)).toBe(0)
        }
      }),
    )
  })

  test('names each transaction after what it books, so that it is booked once', () => {
    expect(capture(paid(eur(1))).reference).toBe(`capture:${PAYMENT_ID}`)
    expect(refund(refunded(eur(1))).reference).toBe('refund:rfn_01950000-0000-7000-8000-000000000001')
  })

  test('shows the sale and the payment on the account of the learner', () => {
    const entries = capture(paid(eur(5_000))).entries.filter(({ account }) => account === `learner:${LEARNER}`)
    expect(entries.map(({ amount }) => amount)).toEqual([5_000, -5_000])
  })

  test.each<[string, LedgerEntry[]]>([
    ['that lack a side', [{ account: 'provider', amount: 1, currency: 'EUR' }]],
    [
      'that balance only across currencies',
      [
        { account: 'provider', amount: 1, currency: 'EUR' },
        { account: 'platform', amount: -1, currency: 'USD' },
      ],
    ],
  ])('refuses entries %s', (_, entries) => {
    expect(() => transaction('capture:x', NOW, entries)).toThrow(LedgerUnbalanced('capture:x'))
  })
})
