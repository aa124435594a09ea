import { describe, expect, test } from 'vitest'
import { PaymentId, RefundId } from '#domain/kernel/ids.ts'
import {
  cancelled,
  declinedCard,
  eur,
  NOW,
  PAYMENT_ID,
  paymentAfter,
  processing,
  succeeded,
  unpaid,
} from '#domain/payment/fixtures.ts'
import { cancelledBy, type Intent } from '#domain/payment/intent.ts'
import type { Payment } from '#domain/payment/payment.ts'
import { Refund } from '#domain/payment/refund.ts'
import type { ProviderRefund } from '#domain/payment/payment-provider.ts'
import { compareAll, judgeIntent, judgeRefund, type Verdict } from './compare-books.ts'

const wanted = (): Payment => {
  const payment = paymentAfter(unpaid)
  payment.requestCancel(cancelledBy('saga'))
  return payment
}

describe('what stands here of an intent', () => {
  test.each<[Verdict, string, Payment, Intent]>([
    ['same', 'waiting, as the provider says', paymentAfter(unpaid), unpaid],
    ['same', 'paid, as the provider says', paymentAfter(unpaid, succeeded), succeeded],
    ['behind', 'waiting, and the provider has the money', paymentAfter(unpaid), succeeded],
    ['behind', 'cancelled, and the provider has the money', paymentAfter(unpaid, cancelled), succeeded],
    ['behind', 'initiated, and the provider has an intent', paymentAfter(), unpaid],
    ['behind', 'waiting, and the provider has declined', paymentAfter(unpaid), declinedCard],
    ['behind', 'to be cancelled, and the provider has not heard', wanted(), unpaid],
    ['behind', 'waiting, and the provider is at work', paymentAfter(unpaid), processing],
    ['contradicts', 'another intent', paymentAfter(unpaid), { ...succeeded, intentId: 'pi_2' }],
    ['contradicts', 'another amount', paymentAfter(unpaid), { ...succeeded, money: eur(1) }],
  ])('is %s: %s', (verdict, _, payment, intent) => {
    const { state } = payment
    expect(judgeIntent(payment, { paymentId: payment.id, intent }, NOW)).toBe(verdict)
    expect(payment.state).toBe(state)
  })
})

describe('what stands here of a refund', () => {
  const refundId = RefundId.parse('rfn_01950000-0000-7000-8000-000000000001')
  const after = (status: Refund['state']['status']) => {
    const payment = paymentAfter(succeeded)
    const refund = Refund.request(payment, { id: refundId, actionId: 'a1', reason: 'duplicate' }, NOW)
    if (status === 'PROCESSED') refund.processed('re_1', payment, NOW)
    if (status === 'FAILED') refund.failed('bank_refused', payment, NOW)
    return refund.state
  }
  const [pending, done, failed]: ProviderRefund[] = [
    { status: 'pending', providerRefundId: 're_1' },
    { status: 'succeeded', providerRefundId: 're_1' },
    { status: 'failed', code: 'bank_refused' },
  ]
  test.each<[Verdict, Refund['state']['status'], ProviderRefund | undefined]>([
    ['same', 'PENDING', pending],
    ['behind', 'PENDING', done],
    ['behind', 'PENDING', failed],
    ['same', 'PROCESSED', done],
    ['same', 'FAILED', failed],
    ['contradicts', 'PROCESSED', failed],
    ['contradicts', 'FAILED', done],
    ['same', 'PROCESSED', pending],
  ])('is %s where it is %s', (verdict, status, refund) => {
    expect(refund && judgeRefund(after(status), { refundId, refund })).toBe(verdict)
  })
})

test('what is unknown here or contradicts is for a person; what is behind is synced, once', () => {
  const idOf = (n: number) => PaymentId.parse(`${PAYMENT_ID.slice(0, -1)}${n}`)
  const verdicts: readonly (Verdict | undefined)[] = ['same', 'behind', 'contradicts', undefined]
  const { compared, behind, findings } = compareAll([0, 1, 2, 3, 1], {
    idOf,
    judge: (n) => verdicts[n],
    unknown: 'unknown_payment',
  })
  expect([...compared]).toEqual([0, 1, 2, 3].map(idOf))
  expect(behind).toEqual([idOf(1)])
  expect(findings).toMatchObject([
    { kind: 'contradiction', id: idOf(2) },
    { kind: 'unknown_payment', id: idOf(3) },
  ])
})
