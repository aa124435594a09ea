import { Instant } from '#domain/kernel/clock.ts'
import { CouponId } from '#domain/kernel/ids.ts'
import { CouponLimitBelowUse, CouponNotFound } from '#domain/payment/errors.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { VersionMismatch } from '#bus/cqrs/errors.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { CouponView, mayManage, presentCoupon } from '../coupon-view.ts'
import { CouponRepository } from '../ports.ts'

export const UpdateCoupon = command('payment.update_coupon', {
  input: z.strictObject({
    couponId: CouponId,
    expectedVersion: z.int(),
    limit: z.int().min(1).max(1_000_000).nullable().optional().describe('null takes it away.'),
    validUntil: Instant.nullable().optional().describe('null takes it away.'),
    disabled: z.boolean().optional(),
  }),
  output: CouponView,
  errors: [CouponNotFound, CouponLimitBelowUse, VersionMismatch],
  scope: 'coupons:write',
})

export const updateCoupon = handler(
  UpdateCoupon,
  { coupons: CouponRepository },
  async ({ input: { couponId, expectedVersion, ...changes }, actor, tx }, { coupons }) => {
    const coupon = await coupons.load(couponId)
    if (!coupon || !mayManage(actor, coupon.state.ownerId)) throw CouponNotFound(couponId)
    if (coupon.version !== expectedVersion) throw VersionMismatch(coupon.version)
    coupon.update(changes)
    coupons.save(tx, coupon)
    return presentCoupon(coupon, coupon.version + 1)
  },
)

export const updateCouponRoute = route(UpdateCoupon, {
  method: 'patch',
  path: '/v1/coupons/{couponId}',
  tag: 'Coupons',
  summary: 'Change or end a coupon',
  description: 'Purchases that hold it keep their discount.',
  examples: { input: { disabled: true } },
})
