import { describe, expect, test } from 'vitest'
import { IntentMismatch, PaymentAlreadyCompleted, PaymentNotNeeded, PurchaseCancelled } from './errors.ts'
import {
  COURSE,
  cancelled,
  declinedCard,
  eur,
  LEARNER,
  later,
  NOW,
  OTHER_COURSE,
  openPurchase,
  PAYMENT_ID,
  PRICE,
  PURCHASE_ID,
  paymentAfter,
  processing,
  STRANGER,
  succeeded,
  typesOf,
  unpaid,
} from './fixtures.ts'
import { cancelledBy, declined, type Intent } from './intent.ts'
import { Payment } from './payment.ts'
import { Purchase } from './purchase.ts'

describe('a new payment', () => {
  test('is for the total of its purchase and tells that it was initiated', () => {
    const payment = Payment.initiate(PAYMENT_ID, openPurchase(), NOW)
    expect(payment.state).toMatchObject({ status: 'INITIATED', purchaseId: PURCHASE_ID, money: PRICE })
    expect(payment.events).toMatchObject([
      {
        definition: { type: 'payment.initiated' },
        data: { paymentId: PAYMENT_ID, purchase: COURSE, payerId: LEARNER, money: PRICE },
      },
    ])
  })

  test('is never made for a total of zero', () => {
    expect(() => Payment.initiate(PAYMENT_ID, openPurchase(eur(0)), NOW)).toThrow(PaymentNotNeeded(COURSE))
  })

  test('is never made for a purchase whose cancel came first', () => {
    const purchase = Purchase.cancelledBeforehand({ id: PURCHASE_ID, ref: COURSE, actionId: 'a1' }, NOW)
    expect(() => Payment.initiate(PAYMENT_ID, purchase, NOW)).toThrow(PurchaseCancelled(COURSE))
  })
})

describe('what is read at the provider', () => {
  test('attaches the intent for the payer to confirm', () => {
    expect(paymentAfter(unpaid).state).toMatchObject({
      status: 'REQUIRES_ACTION',
      intentId: 'pi_1',
      clientSecret: 'pi_1_secret',
    })
  })

  test('shows the payment at work, and back with the payer when a further step is needed', () => {
    expect(paymentAfter(unpaid, processing).state.status).toBe('PROCESSING')
    expect(paymentAfter(processing, unpaid).state.status).toBe('REQUIRES_ACTION')
  })

  test('says whether it changed anything', () => {
    const payment = paymentAfter()
    expect([unpaid, unpaid, succeeded, succeeded].map((fact) => payment.observe(fact, NOW))).toEqual([
      true,
      false,
      true,
      false,
    ])
  })

  test.each<[string, Intent]>([
    ['of another intent', { ...succeeded, intentId: 'pi_2' }],
    ['of another amount', { ...succeeded, money: eur(4_999) }],
  ])('is refused when it is %s', (_, fact) => {
    expect(() => paymentAfter(unpaid).observe(fact, NOW)).toThrow(IntentMismatch(PAYMENT_ID))
  })
})

describe('success at the provider', () => {
  const requested = paymentAfter(unpaid)
  requested.requestCancel(cancelledBy('saga'))
  const refused = paymentAfter()
  refused.intentRefused('amount_too_small', NOW)

  test.each([
    ['initiated', paymentAfter()],
    ['waiting for the payer', paymentAfter(unpaid)],
    ['processing', paymentAfter(processing)],
    ['about to be cancelled', Payment.restore(requested.state, 2)],
    ['cancelled', paymentAfter(unpaid, cancelled)],
    ['declined', paymentAfter(declinedCard, cancelled)],
    ['refused', Payment.restore(refused.state, 2)],
  ])('completes a payment that is %s', (_, payment) => {
    payment.observe(succeeded, later(1))
    expect(payment.state).toMatchObject({ status: 'COMPLETED', intentId: 'pi_1', completedAt: later(1) })
    expect(payment.events).toMatchObject([
      {
        definition: { type: 'payment.completed' },
        data: { paymentId: PAYMENT_ID, purchase: COURSE, payerId: LEARNER, money: PRICE, completedAt: later(1) },
      },
    ])
  })

  test('is told once, however often it is read', () => {
    const payment = paymentAfter()
    payment.observe(succeeded, NOW)
    payment.observe(succeeded, later(1))
    expect(typesOf(payment)).toEqual(['payment.completed'])
    expect(payment.state).toMatchObject({ completedAt: NOW })
  })

  test.each([unpaid, declinedCard, processing, cancelled])('is not undone by a later $status', (fact) => {
    const payment = paymentAfter(succeeded)
    expect(payment.observe(fact, later(1))).toBe(false)
    expect(payment.state.status).toBe('COMPLETED')
    expect(payment.events).toEqual([])
  })
})

describe('a cancel', () => {
  test('ends nothing before the provider has confirmed it', () => {
    const payment = paymentAfter(unpaid)
    expect(payment.mustCancelIntent).toBe(false)
    payment.requestCancel(cancelledBy('payer'))
    expect(payment.state.status).toBe('REQUIRES_ACTION')
    expect(payment.events).toEqual([])
    expect(payment.mustCancelIntent).toBe(true)
  })

  test.each(['payer', 'saga'] as const)('of the %s is told as a failure once it is confirmed', (reason) => {
    const payment = paymentAfter(unpaid)
    payment.requestCancel(cancelledBy(reason))
    payment.observe(cancelled, later(1))
    const code = 'cancelled'
    expect(payment.state).toMatchObject({ status: 'CANCELLED', code, endedAt: later(1), intentId: 'pi_1' })
    expect(payment.mustCancelIntent).toBe(false)
    expect(payment.events).toMatchObject([
      {
        definition: { type: 'payment.failed' },
        data: { paymentId: PAYMENT_ID, purchase: COURSE, code, retryable: false },
      },
    ])
  })

  test('is told once, however often the provider confirms it', () => {
    const payment = paymentAfter(unpaid)
    payment.observe(cancelled, NOW)
    payment.observe(cancelled, later(1))
    expect(typesOf(payment)).toEqual(['payment.failed'])
  })

  test('before there is an intent waits for it', () => {
    const payment = paymentAfter()
    payment.requestCancel(cancelledBy('saga'))
    expect(payment.mustCancelIntent).toBe(false)
    payment.observe(unpaid, NOW)
    expect(payment.mustCancelIntent).toBe(true)
  })

  test('keeps its first reason', () => {
    const payment = paymentAfter(unpaid)
    payment.requestCancel(cancelledBy('saga'))
    payment.requestCancel(cancelledBy('payer'))
    payment.observe(declinedCard, NOW)
    expect(payment.state).toMatchObject({ cancelRequested: cancelledBy('saga') })
    payment.observe(cancelled, NOW)
    expect(payment.state).toMatchObject({ status: 'CANCELLED', code: 'cancelled' })
  })

  test('that nobody here asked for is named so', () => {
    expect(paymentAfter(unpaid, cancelled).state).toMatchObject({ status: 'CANCELLED', code: 'cancelled_at_provider' })
  })

  test('of a completed payment is refused to its payer and ignored from a saga', () => {
    const payment = paymentAfter(succeeded)
    expect(() => payment.requestCancel(cancelledBy('payer'))).toThrow(PaymentAlreadyCompleted(PAYMENT_ID))
    payment.requestCancel(cancelledBy('saga'))
    expect(payment.state.status).toBe('COMPLETED')
  })

  test('of an ended payment changes nothing', () => {
    const payment = paymentAfter(unpaid, cancelled)
    const before = payment.state
    payment.requestCancel(cancelledBy('payer'))
    expect(payment.state).toBe(before)
  })
})

describe('a decline', () => {
  test('asks for the cancel of the intent first', () => {
    const payment = paymentAfter(declinedCard)
    expect(payment.state).toMatchObject({
      status: 'REQUIRES_ACTION',
      cancelRequested: declined('card_declined'),
    })
    expect(payment.mustCancelIntent).toBe(true)
  })

  test('after processing asks for it as well', () => {
    const payment = paymentAfter(processing, declinedCard)
    expect(payment.mustCancelIntent).toBe(true)
  })

  test('fails the payment with its code once the intent is cancelled', () => {
    const payment = paymentAfter(declinedCard)
    payment.observe(cancelled, NOW)
    expect(payment.state).toMatchObject({ status: 'FAILED', code: 'card_declined' })
    expect(payment.events).toMatchObject([{ data: { code: 'card_declined', retryable: false } }])
  })
})

describe('an intent that the provider refused to create', () => {
  test('fails the payment, for there is nothing to cancel', () => {
    const payment = paymentAfter()
    payment.intentRefused('amount_too_small', NOW)
    payment.intentRefused('amount_too_small', NOW)
    expect(payment.state).toMatchObject({ status: 'FAILED', code: 'amount_too_small', intentId: null })
    expect(typesOf(payment)).toEqual(['payment.failed'])
  })

  test('means nothing once there is an intent', () => {
    const payment = paymentAfter(unpaid)
    payment.intentRefused('amount_too_small', NOW)
    expect(payment.state.status).toBe('REQUIRES_ACTION')
  })
})

describe('a payment is valid', () => {
  const asked = { purchase: COURSE, payerId: LEARNER, money: PRICE } as const

  test('for its own purchase, payer and amount', () => {
    expect(paymentAfter(succeeded).pays(asked)).toBe(true)
  })

  test.each([
    ['another purchase', { ...asked, purchase: OTHER_COURSE }],
    ['another payer', { ...asked, payerId: STRANGER }],
    ['another amount', { ...asked, money: eur(1) }],
  ] as const)('not for %s', (_, other) => {
    expect(paymentAfter(succeeded).pays(other)).toBe(false)
  })

  test('not before it is paid', () => {
    expect(paymentAfter(processing).pays(asked)).toBe(false)
  })

  test('until all of it has been refunded', () => {
    const payment = paymentAfter(succeeded)
    payment.reserveRefund(PRICE)
    payment.settleRefund(eur(4_000))
    expect(payment.pays(asked)).toBe(true)
    payment.settleRefund(eur(1_000))
    expect(payment.pays(asked)).toBe(false)
  })
})
