import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Currency, type Money } from '../kernel/money.ts'
import { LedgerUnbalanced } from './errors.ts'
import { COURSE, eur, LEARNER, NOW, PAYMENT_ID, PURCHASE_ID, TERMS, TUTOR } from './fixtures.ts'
import { balance, capture, type LedgerEntry, type LedgerTransaction, refund, transaction } from './ledger.ts'
import type { CompletedPayment } from './payment-state.ts'
import type { ProcessedRefund } from './refund.ts'
import { sharesOf } from './shares.ts'

const paid = (money: Money): CompletedPayment => ({
  id: PAYMENT_ID,
  purchaseId: PURCHASE_ID,
  purchase: COURSE,
  payerId: LEARNER,
  money,
  shares: sharesOf(money, TERMS, TUTOR),
  initiatedAt: NOW,
  status: 'COMPLETED',
  intentId: 'pi_1',
  completedAt: NOW,
  refundPending: { ...money, amount: 0 },
  refunded: { ...money, amount: 0 },
  disputed: { ...money, amount: 0 },
  chargedBack: { ...money, amount: 0 },
})

/** The same payment once that much of it is back. */
const lessBy = (payment: CompletedPayment, { amount }: Money): CompletedPayment => ({
  ...payment,
  refunded: { ...payment.money, amount: payment.refunded.amount + amount },
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
  test('gives tax and tutor their share of a sale, and the platform the rest', () => {
    const book = [capture(paid(eur(5_000)))]
    const at = (account: LedgerEntry['account']) => balance(book, account, 'EUR')
    expect([at('provider'), at('tax'), at(`tutor:${TUTOR}`), at('platform')]).toEqual([5_000, -798, -3_361, -841])
  })

  test('sums to zero in every currency for every capture and refund', () => {
    fc.assert(
      fc.property(money, (amount) => {
        const payment = paid(amount)
        for (const posted of [capture(payment), refund(refunded(amount), lessBy(payment, amount))])
          expect(sums(posted).every((sum) => sum === 0)).toBe(true)
      }),
    )
  })

  test('divides a sale, and takes the parts back with it, however that goes', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 9_999_999 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(parts, fc.constantFrom(...Currency.options), fc.nat(6), (amounts, currency, kept) => {
        const total = amounts.reduce((sum, amount) => sum + amount, 0)
        const sale = paid({ amount: total, currency })
        const book = [capture(sale)]
        let payment = sale
        for (const amount of amounts.slice(kept)) {
          payment = lessBy(payment, { amount, currency })
          book.push(refund(refunded({ amount, currency }), payment))
        }
        const left = total - payment.refunded.amount
        const at = (account: LedgerEntry['account']) => balance(book, account, currency)
        expect(at('provider')).toBe(left)
        expect(at(`learner:${LEARNER}`)).toBe(0)
        expect(at('platform') + at('tax') + at(`tutor:${TUTOR}`)).toBe(0 - left)
        const { tax, tutor } = sale.shares
        const share = (whole = 0) => whole - Math.floor((whole * payment.refunded.amount) / total)
        expect(at('tax')).toBe(0 - share(tax?.money.amount))
        expect(at(`tutor:${TUTOR}`)).toBe(0 - share(tutor?.money.amount))
      }),
    )
  })

  test('names each transaction after what it books, so that it is booked once', () => {
    expect(capture(paid(eur(1))).reference).toBe(`capture:${PAYMENT_ID}`)
    expect(refund(refunded(eur(1)), lessBy(paid(eur(1)), eur(1))).reference).toBe(
      'refund:rfn_01950000-0000-7000-8000-000000000001',
    )
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
