import { on } from '#bus/messaging/handlers.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { CouponRepository } from '../ports.ts'

const deps = { coupons: CouponRepository }

/** Paid: the coupon is used, also where it had been given back before money came after all. */
export const useRedemption = on(Payments.PaymentCompleted, deps, async ({ data: { purchase }, tx }, { coupons }) => {
  const found = await coupons.ofPurchase(purchase)
  if (!found || found.redemption.status === 'USED') return
  const { redemption, coupon } = found
  if (redemption.status === 'RESERVED') return coupons.settle(tx, redemption, 'USED')
  coupon.count(1)
  coupons.settle(tx, redemption, 'USED', coupon)
})

/** No money came: somebody else may use it. */
export const releaseRedemption = on(Payments.PaymentFailed, deps, async ({ data: { purchase }, tx }, { coupons }) => {
  const found = await coupons.ofPurchase(purchase)
  if (found?.redemption.status !== 'RESERVED') return
  const { redemption, coupon } = found
  coupon.count(-1)
  coupons.settle(tx, redemption, 'RELEASED', coupon)
})
