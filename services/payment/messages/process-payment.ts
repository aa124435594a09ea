import { CouponUnknown, CouponUsed } from '#domain/payment/errors.ts'
import { Payment } from '#domain/payment/payment.ts'
import { Purchase } from '#domain/payment/purchase.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { CouponRepository, PaymentRepository, PurchaseRepository, SaleTerms } from '../ports.ts'

const DESCRIPTIONS = { course: 'Course', lesson: 'Lesson' } as const

const deps = {
  purchases: PurchaseRepository,
  payments: PaymentRepository,
  coupons: CouponRepository,
  terms: SaleTerms,
}

export const processPayment = answer(
  Payments.ProcessPayment,
  deps,
  async ({ data, tx, ids, now }, { purchases, payments, coupons, terms }) => {
    const { purchase: ref, payerId, money, couponCode, courseId, tutorId } = data
    const coupon = couponCode === undefined ? undefined : await coupons.byCode(couponCode)
    const isUsed = coupon !== undefined && (await coupons.isRedeemedBy(coupon.id, payerId))
    // Read after the uses of its coupon: a repeat that has just been committed shows here, and is no second use.
    const known = await purchases.find(ref)
    if (known) {
      known.confirm({ payerId, money })
      const payment = await payments.ofPurchase(known.id)
      if (!payment) throw new Error(`${known.id} is open and has no payment.`)
      return { paymentId: payment.id, status: payment.state.status }
    }
    const line = { description: data.title ?? DESCRIPTIONS[ref.kind], money }
    if (couponCode !== undefined && !coupon) throw CouponUnknown()
    if (isUsed) throw CouponUsed()
    const discount = coupon && { couponCode: coupon.state.code, money: coupon.discountOn(money, courseId, now) }
    const bought = { id: ids.next('pur'), ref, payerId, lines: [line], discount, tutorId } as const
    const purchase = Purchase.open(bought, terms, now)
    const payment = Payment.initiate(ids.next('pay'), purchase, now)
    purchases.save(tx, purchase)
    if (coupon) {
      coupon.count(1)
      coupons.reserve(tx, { couponId: coupon.id, purchaseId: purchase.id, payerId, status: 'RESERVED' }, coupon)
    }
    payments.save(tx, payment)
    tx.send(Payments.CreateIntent, { paymentId: payment.id }, { key: payment.id, idempotencyKey: payment.id })
    return { paymentId: payment.id, status: payment.state.status }
  },
)
