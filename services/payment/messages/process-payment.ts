import { CouponUnknown } from '#domain/payment/errors.ts'
import { Payment } from '#domain/payment/payment.ts'
import { Purchase } from '#domain/payment/purchase.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { PaymentRepository, PurchaseRepository } from '../ports.ts'

const DESCRIPTIONS = { course: 'Course', lesson: 'Lesson' } as const

const deps = { purchases: PurchaseRepository, payments: PaymentRepository }

export const processPayment = answer(
  Payments.ProcessPayment,
  deps,
  async ({ data, tx, ids, now }, { purchases, payments }) => {
    if (data.couponCode !== undefined) throw CouponUnknown(data.couponCode)
    const { purchase: ref, payerId, money } = data
    const known = await purchases.find(ref)
    if (known) {
      known.confirm({ payerId, money })
      const payment = await payments.ofPurchase(known.id)
      if (!payment) throw new Error(`${known.id} is open and has no payment.`)
      return { paymentId: payment.id, status: payment.state.status }
    }
    const line = { description: DESCRIPTIONS[ref.kind], money }
    const purchase = Purchase.open({ id: ids.next('pur'), ref, payerId, lines: [line] }, now)
    const payment = Payment.initiate(ids.next('pay'), purchase, now)
    purchases.save(tx, purchase)
    payments.save(tx, payment)
    tx.send(Payments.CreateIntent, { paymentId: payment.id }, { key: payment.id, idempotencyKey: payment.id })
    return { paymentId: payment.id, status: payment.state.status }
  },
)
