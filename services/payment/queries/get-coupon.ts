import { CouponId } from '#domain/kernel/ids.ts'
import { CouponNotFound } from '#domain/payment/errors.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { CouponView, mayManage, presentCoupon } from '../coupon-view.ts'
import { CouponRepository } from '../ports.ts'

export const GetCoupon = query('payment.get_coupon', {
  input: z.strictObject({ couponId: CouponId }),
  output: CouponView,
  errors: [CouponNotFound],
  scope: 'coupons:write',
})

export const getCoupon = queryHandler(
  GetCoupon,
  { coupons: CouponRepository },
  async ({ input: { couponId }, actor }, { coupons }) => {
    const coupon = await coupons.load(couponId)
    if (!coupon || !mayManage(actor, coupon.state.ownerId)) throw CouponNotFound(couponId)
    return presentCoupon(coupon, coupon.version)
  },
)

export const getCouponRoute = route(GetCoupon, {
  method: 'get',
  path: '/v1/coupons/{couponId}',
  tag: 'Coupons',
  summary: 'Get a coupon',
  description: 'For who made it, and admins.',
})
