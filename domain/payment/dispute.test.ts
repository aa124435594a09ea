import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DomainError } from '../kernel/errors.ts'
import type { RefundId } from '../kernel/ids.ts'
import { addMoney, type Money } from '../kernel/money.ts'
import { Dispute } from './dispute.ts'
import { DisputeAlreadyClosed, PaymentDisputed, PaymentNotRefundable, RefundExceedsCaptured } from './errors.ts'
import {
  COURSE,
  eur,
  LEARNER,
  later,
  NOW,
  PAYMENT_ID,
  PRICE,
  paymentAfter,
  succeeded,
  TUTOR,
  typesOf,
  unpaid,
} from './fixtures.ts'
import { balance, capture, type LedgerTransaction, refund as refundEntry, verdict, withdrawal } from './ledger.ts'
import type { Payment } from './payment.ts'
import type { ProviderDispute } from './payment-provider.ts'
import { Refund } from './refund.ts'

const fact = (changes: Partial<ProviderDispute> = {}): ProviderDispute => ({
  disputeId: 'dp_1',
  status: 'open',
  money: PRICE,
  reason: 'fraudulent',
  ...changes,
})

const open = (payment: Payment, changes: Partial<ProviderDispute> = {}): Dispute =>
  Dispute.open(payment, fact(changes), NOW)

/** The refund, or the code of its refusal. */
const ask = (payment: Payment, id: RefundId, money: Money): Refund | string => {
  try {
    return Refund.request(payment, { id, actionId: id, reason: 'duplicate', money }, NOW)
  } catch (error) {
    if (error instanceof DomainError) return error.code
    throw error
  }
}

const pays = (payment: Payment): boolean => payment.pays({ purchase: COURSE, payerId: LEARNER, money: PRICE })

describe('a dispute', () => {
  test('takes the money out of the payment and tells so', () => {
    const payment = paymentAfter(succeeded)
    const dispute = open(payment)
    expect(payment.captured.disputed).toEqual(PRICE)
    expect(payment.refundable).toEqual(eur(0))
    expect(typesOf(dispute)).toEqual(['payment.dispute_opened'])
    expect(dispute.state).toMatchObject({ status: 'OPEN', paymentId: PAYMENT_ID, money: PRICE, reason: 'fraudulent' })
  })

  test('needs a payment that was paid', () => {
    expect(() => open(paymentAfter(unpaid))).toThrow(PaymentNotRefundable(PAYMENT_ID, 'REQUIRES_ACTION'))
  })

  test('that is won gives the money back to the platform', () => {
    const payment = paymentAfter(succeeded)
    const dispute = open(payment)
    expect(dispute.observe({ status: 'won' }, payment, later(1))).toBe(true)
    expect(payment.captured).toMatchObject({ disputed: eur(0), chargedBack: eur(0) })
    expect(payment.refundable).toEqual(PRICE)
    expect(dispute.events.at(-1)?.data).toMatchObject({ outcome: 'won', full: false })
    expect(pays(payment)).toBe(true)
  })

  test('that is lost takes it for good, and the payment pays for nothing any more', () => {
    const payment = paymentAfter(succeeded)
    const dispute = open(payment)
    expect(pays(payment)).toBe(true)
    dispute.observe({ status: 'lost' }, payment, later(1))
    expect(payment.captured).toMatchObject({ disputed: eur(0), chargedBack: PRICE })
    expect(payment.refundable).toEqual(eur(0))
    expect(dispute.events.at(-1)?.data).toMatchObject({ outcome: 'lost', full: true })
    expect(pays(payment)).toBe(false)
  })

  test('of a part that is lost leaves the rest, and says so', () => {
    const payment = paymentAfter(succeeded)
    open(payment, { money: eur(2_000) }).observe({ status: 'lost' }, payment, NOW)
    expect(payment.refundable).toEqual(eur(3_000))
    expect(pays(payment)).toBe(true)
    const rest = Refund.request(
      payment,
      { id: 'rfn_01950000-0000-7000-8000-000000000001', actionId: 'a', reason: 'requested_by_admin' },
      NOW,
    )
    rest.processed('re_1', payment, NOW)
    expect(rest.events.at(-1)?.data).toMatchObject({ full: true, money: eur(3_000) })
    expect(pays(payment)).toBe(false)
  })

  test('says what it has said before only once, and an open one read late changes nothing', () => {
    const payment = paymentAfter(succeeded)
    const dispute = open(payment)
    dispute.observe({ status: 'lost' }, payment, NOW)
    expect(dispute.observe({ status: 'lost' }, payment, NOW)).toBe(false)
    expect(dispute.observe({ status: 'open' }, payment, NOW)).toBe(false)
    expect(typesOf(dispute)).toEqual(['payment.dispute_opened', 'payment.dispute_closed'])
  })

  test('that ended one way cannot end the other way', () => {
    const payment = paymentAfter(succeeded)
    const dispute = open(payment)
    dispute.observe({ status: 'won' }, payment, NOW)
    expect(() => dispute.observe({ status: 'lost' }, payment, NOW)).toThrow(DisputeAlreadyClosed('dp_1'))
  })

  test('stands in the way of a refund until the bank has decided', () => {
    const payment = paymentAfter(succeeded)
    const dispute = open(payment)
    expect(() => payment.reserveRefund(PRICE)).toThrow(PaymentDisputed(PAYMENT_ID))
    dispute.observe({ status: 'won' }, payment, NOW)
    payment.reserveRefund(PRICE)
    expect(payment.refundable).toEqual(eur(0))
  })
})

/** What can happen to a captured payment; sizes are of a hundred. */
type Act =
  | { readonly act: 'refund' | 'dispute'; readonly size: number }
  | { readonly act: 'settle' | 'fail' | 'win' | 'lose' }

const acts = fc.array(
  fc.oneof<fc.Arbitrary<Act>[]>(
    fc.record({ act: fc.constantFrom('refund' as const, 'dispute' as const), size: fc.integer({ min: 1, max: 100 }) }),
    fc.record({ act: fc.constantFrom('settle' as const, 'fail' as const, 'win' as const, 'lose' as const) }),
  ),
  { maxLength: 30 },
)

test('a payment, its refunds, its disputes and the book agree, whatever happens in whatever order', () => {
  fc.assert(
    fc.property(acts, (life) => {
      const payment = paymentAfter(succeeded)
      const book: LedgerTransaction[] = [capture(payment.captured)]
      const refunds: Refund[] = []
      const disputes: Dispute[] = []
      /** A simple model of where the captured money is. */
      const model = { here: PRICE.amount, leaving: 0, back: 0, withdrawn: 0, lost: 0 }
      const answers: [given: string, due: string][] = []
      let n = 0
      for (const what of life) {
        n += 1
        const pending = refunds.find(({ state }) => state.status === 'PENDING')
        const unsettled = disputes.find(({ state }) => state.status === 'OPEN')
        if (what.act === 'refund') {
          const money = eur((PRICE.amount / 100) * what.size)
          const id = `rfn_01950000-0000-7000-8000-${String(n).padStart(12, '0')}` as const
          const refused = model.here === 0 && model.withdrawn > 0 ? PaymentDisputed.code : RefundExceedsCaptured.code
          const asked = ask(payment, id, money)
          answers.push([asked instanceof Refund ? 'taken' : asked, money.amount <= model.here ? 'taken' : refused])
          if (!(asked instanceof Refund)) continue
          refunds.push(asked)
          model.here -= money.amount
          model.leaving += money.amount
        } else if (what.act === 'dispute') {
          const money = eur(Math.min((PRICE.amount / 100) * what.size, model.here))
          if (money.amount === 0) continue
          const dispute = open(payment, { disputeId: `dp_${n}`, money })
          disputes.push(dispute)
          book.push(withdrawal(dispute.state))
          model.here -= money.amount
          model.withdrawn += money.amount
        } else if (pending && (what.act === 'settle' || what.act === 'fail')) {
          const { amount } = pending.state.money
          model.leaving -= amount
          if (what.act === 'settle') {
            pending.processed(`re_${n}`, payment, NOW)
            if (pending.state.status === 'PROCESSED') book.push(refundEntry(pending.state, payment.captured))
            model.back += amount
          } else {
            pending.failed('bank_refused', payment, NOW)
            model.here += amount
          }
        } else if (unsettled && (what.act === 'win' || what.act === 'lose')) {
          const { amount } = unsettled.state.money
          unsettled.observe({ status: what.act === 'win' ? 'won' : 'lost' }, payment, NOW)
          if (unsettled.state.status !== 'OPEN') book.push(verdict(unsettled.state, payment.captured))
          model.withdrawn -= amount
          if (what.act === 'win') model.here += amount
          else model.lost += amount
        }
        const { refundPending, refunded, disputed, chargedBack } = payment.captured
        expect(payment.refundable.amount).toBe(model.here)
        expect([refundPending, refunded, disputed, chargedBack].map(({ amount }) => amount)).toEqual([
          model.leaving,
          model.back,
          model.withdrawn,
          model.lost,
        ])
        expect(balance(book, 'provider', 'EUR')).toBe(PRICE.amount - model.back - model.withdrawn - model.lost)
        expect(balance(book, 'disputes', 'EUR')).toBe(model.withdrawn)
        const earned = (['platform', 'tax', `tutor:${TUTOR}`] as const).map(
          (account) => 0 - balance(book, account, 'EUR'),
        )
        expect(earned.reduce((sum, amount) => sum + amount, 0)).toBe(PRICE.amount - model.back - model.lost)
        expect(Math.min(...earned)).toBeGreaterThanOrEqual(0)
        for (const { entries } of book) expect(entries.reduce((sum, { amount }) => sum + amount, 0)).toBe(0)
        const gone = addMoney(refunded, chargedBack).amount === PRICE.amount
        expect(pays(payment)).toBe(!gone)
      }
      expect(answers.map(([given]) => given)).toEqual(answers.map(([, due]) => due))
    }),
    { numRuns: 500 },
  )
})
