import type { Instant } from '../kernel/clock.ts'
import { addMs } from '../kernel/clock.ts'
import type { Money } from '../kernel/money.ts'
import type { Intent } from './intent.ts'
import { Payment } from './payment.ts'
import { Purchase } from './purchase.ts'
import type { SaleTerms } from './shares.ts'
import type { PurchaseRef } from './values.ts'

export const NOW: Instant = '2026-03-01T10:00:00.000Z'
export const later = (ms: number): Instant => addMs(NOW, ms)

export const LEARNER = 'usr_01950000-0000-7000-8000-000000000001'
export const STRANGER = 'usr_01950000-0000-7000-8000-000000000002'
export const TUTOR = 'usr_01950000-0000-7000-8000-000000000003'
export const PURCHASE_ID = 'pur_01950000-0000-7000-8000-000000000001'
export const PAYMENT_ID = 'pay_01950000-0000-7000-8000-000000000001'
export const COURSE: PurchaseRef = { kind: 'course', refId: 'enr_01950000-0000-7000-8000-000000000001' }
export const OTHER_COURSE: PurchaseRef = { kind: 'course', refId: 'enr_01950000-0000-7000-8000-000000000002' }

export const eur = (amount: number): Money => ({ amount, currency: 'EUR' })
export const PRICE = eur(5_000)

/** 50.00 are 7.98 of tax, 33.61 of the tutor, and 8.41 of the platform. */
export const TERMS: SaleTerms = { taxPercent: 19, tutorPercent: 80 }

export const openPurchase = (total: Money = PRICE): Purchase =>
  Purchase.open(
    {
      id: PURCHASE_ID,
      ref: COURSE,
      payerId: LEARNER,
      lines: [{ description: 'Course', money: total }],
      tutorId: TUTOR,
    },
    TERMS,
    NOW,
  )

const intent = { intentId: 'pi_1', money: PRICE, clientSecret: 'pi_1_secret' }

export const unpaid: Intent = { ...intent, status: 'requires_action', declineCode: null }
export const declinedCard: Intent = { ...intent, status: 'requires_action', declineCode: 'card_declined' }
export const processing: Intent = { ...intent, status: 'processing' }
export const succeeded: Intent = { intentId: 'pi_1', money: PRICE, status: 'succeeded' }
export const cancelled: Intent = { intentId: 'pi_1', money: PRICE, status: 'cancelled' }

/** A payment as it is once loaded again after these facts: no events waiting. */
export const paymentAfter = (...facts: Intent[]): Payment => {
  const payment = Payment.initiate(PAYMENT_ID, openPurchase(), NOW)
  for (const fact of facts) payment.observe(fact, NOW)
  return Payment.restore(payment.state, 1)
}

export const typesOf = (aggregate: { events: readonly { definition: { type: string } }[] }): string[] =>
  aggregate.events.map(({ definition }) => definition.type)
