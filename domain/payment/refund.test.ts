import { describe, expect, test } from 'vitest'
import { DAY } from '../kernel/clock.ts'
import type { RefundId } from '../kernel/ids.ts'
import {
  PaymentNotRefundable,
  RefundActionReused,
  RefundAlreadySettled,
  RefundAmountZero,
  RefundExceedsCaptured,
  RefundWindowClosed,
} from './errors.ts'
import { COURSE, eur, later, NOW, PAYMENT_ID, PRICE, paymentAfter, processing, succeeded, typesOf } from './fixtures.ts'
import type { Payment } from './payment.ts'
import { Refund, type RefundRequest } from './refund.ts'

const FIRST: RefundId = 'rfn_01950000-0000-7000-8000-000000000001'
const SECOND: RefundId = 'rfn_01950000-0000-7000-8000-000000000002'

const ask = (payment: Payment, request: Partial<RefundRequest> = {}, at = NOW): Refund =>
  Refund.request(payment, { id: FIRST, actionId: 'a1', reason: 'requested_by_admin', ...request }, at)

describe('a refund request', () => {
  test('takes all that is left when it names no amount', () => {
    const payment = paymentAfter(succeeded)
    ask(payment, { money: eur(2_000) })
    expect(ask(payment, { id: SECOND, actionId: 'a2' }).state).toMatchObject({ status: 'PENDING', money: eur(3_000) })
  })

  test('is refused before the payment is completed', () => {
    expect(() => ask(paymentAfter(processing))).toThrow(PaymentNotRefundable(PAYMENT_ID, 'PROCESSING'))
  })

  test('is refused above what was captured', () => {
    expect(() => ask(paymentAfter(succeeded), { money: eur(5_001) })).toThrow(RefundExceedsCaptured(PRICE))
  })

  test('is refused above what pending refunds leave', () => {
    const payment = paymentAfter(succeeded)
    ask(payment, { money: eur(3_000) })
    expect(() => ask(payment, { money: eur(2_001) })).toThrow(RefundExceedsCaptured(eur(2_000)))
  })

  test('is refused above what processed refunds leave', () => {
    const payment = paymentAfter(succeeded)
    ask(payment, { money: eur(3_000) }).processed('re_1', payment, NOW)
    expect(() => ask(payment, { money: eur(2_001) })).toThrow(RefundExceedsCaptured(eur(2_000)))
  })

  test('is refused in another currency', () => {
    const money = { amount: 1, currency: 'USD' } as const
    expect(() => ask(paymentAfter(succeeded), { money })).toThrow(RefundExceedsCaptured(PRICE))
  })

  test('is refused for nothing, and when nothing is left', () => {
    const payment = paymentAfter(succeeded)
    expect(() => ask(payment, { money: eur(0) })).toThrow(RefundAmountZero())
    ask(payment)
    expect(() => ask(payment)).toThrow(RefundAmountZero())
  })

  test('moves the payment, so that two at a time meet at its version', () => {
    const payment = paymentAfter(succeeded)
    const before = payment.state
    ask(payment, { money: eur(1) })
    expect(payment.state).not.toBe(before)
  })
})

describe('the refund window', () => {
  test('is open to the payer for 14 days', () => {
    expect(() => ask(paymentAfter(succeeded), { reason: 'requested_by_payer' }, later(14 * DAY))).not.toThrow()
  })

  test('is closed to the payer afterwards', () => {
    const tooLate = later(14 * DAY + 1)
    expect(() => ask(paymentAfter(succeeded), { reason: 'requested_by_payer' }, tooLate)).toThrow(
      RefundWindowClosed(later(14 * DAY)),
    )
  })

  test.each(['requested_by_admin', 'enrollment_failed', 'enrollment_cancelled', 'paid_late', 'duplicate'] as const)(
    'does not bind a refund that is %s',
    (reason) => {
      expect(() => ask(paymentAfter(succeeded), { reason }, later(400 * DAY))).not.toThrow()
    },
  )
})

describe('a repeated action', () => {
  const refund = () => ask(paymentAfter(succeeded), { money: eur(2_000) })

  test('finds the refund that it made', () => {
    expect(() => refund().confirm({ paymentId: PAYMENT_ID, money: eur(2_000) })).not.toThrow()
    expect(() => refund().confirm({ paymentId: PAYMENT_ID })).not.toThrow()
  })

  test.each([
    ['another amount', { paymentId: PAYMENT_ID, money: eur(1) } as const],
    ['another payment', { paymentId: 'pay_01950000-0000-7000-8000-000000000009' } as const],
  ])('is refused for %s', (_, asked) => {
    expect(() => refund().confirm(asked)).toThrow(RefundActionReused('a1'))
  })
})

describe('a processed refund', () => {
  test('is told, and is full when all captured money is back', () => {
    const payment = paymentAfter(succeeded)
    const refund = ask(payment)
    expect(refund.processed('re_1', payment, later(1))).toBe(true)
    expect(refund.state).toMatchObject({
      status: 'PROCESSED',
      providerRefundId: 're_1',
      full: true,
      processedAt: later(1),
    })
    const told = { refundId: FIRST, paymentId: PAYMENT_ID, purchase: COURSE, money: PRICE, full: true }
    expect(refund.events).toMatchObject([
      { definition: { type: 'payment.refund_processed' }, data: { ...told, reason: 'requested_by_admin' } },
    ])
  })

  test('in two parts is full with the part that is processed last', () => {
    const payment = paymentAfter(succeeded)
    const part = ask(payment, { money: eur(2_000) })
    const rest = ask(payment, { id: SECOND, actionId: 'a2' })
    rest.processed('re_2', payment, NOW)
    part.processed('re_1', payment, NOW)
    expect([rest.state, part.state]).toMatchObject([{ full: false }, { full: true }])
  })

  test('counts once, however often the provider says so', () => {
    const payment = paymentAfter(succeeded)
    const refund = ask(payment, { money: eur(2_000) })
    refund.processed('re_1', payment, NOW)
    expect(refund.processed('re_1', payment, NOW)).toBe(false)
    expect(payment.refundable).toEqual(eur(3_000))
    expect(typesOf(refund)).toEqual(['payment.refund_processed'])
  })

  test.each<[string, (refund: Refund, payment: Payment) => void]>([
    ['another refund at the provider', (refund, payment) => refund.processed('re_2', payment, NOW)],
    ['a failure', (refund, payment) => refund.failed('expired_card', payment, NOW)],
  ])('is not overruled by %s', (_, contradict) => {
    const payment = paymentAfter(succeeded)
    const refund = ask(payment)
    refund.processed('re_1', payment, NOW)
    expect(() => contradict(refund, payment)).toThrow(RefundAlreadySettled(FIRST))
  })
})

describe('a failed refund', () => {
  test('is told, and its money can be asked for again', () => {
    const payment = paymentAfter(succeeded)
    const refund = ask(payment)
    expect(refund.failed('expired_card', payment, later(1))).toBe(true)
    expect(refund.state).toMatchObject({ status: 'FAILED', code: 'expired_card', failedAt: later(1) })
    expect(refund.events).toMatchObject([
      {
        definition: { type: 'payment.refund_failed' },
        data: { refundId: FIRST, money: PRICE, code: 'expired_card' },
      },
    ])
    expect(payment.refundable).toEqual(PRICE)
  })

  test('gives its money free once', () => {
    const payment = paymentAfter(succeeded)
    const refund = ask(payment, { money: eur(2_000) })
    ask(payment, { id: SECOND, actionId: 'a2', money: eur(2_000) })
    refund.failed('expired_card', payment, NOW)
    expect(refund.failed('expired_card', payment, NOW)).toBe(false)
    expect(payment.refundable).toEqual(eur(3_000))
    expect(typesOf(refund)).toEqual(['payment.refund_failed'])
  })

  test('is not overruled by a success', () => {
    const payment = paymentAfter(succeeded)
    const refund = ask(payment)
    refund.failed('expired_card', payment, NOW)
    expect(() => refund.processed('re_1', payment, NOW)).toThrow(RefundAlreadySettled(FIRST))
  })
})
