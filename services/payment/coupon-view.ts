import { Instant } from '#domain/kernel/clock.ts'
import { CouponId, CourseId, UserId } from '#domain/kernel/ids.ts'
import { type Coupon, Discount } from '#domain/payment/coupon.ts'
import { CouponCode } from '#domain/payment/values.ts'
import type { Actor } from '#bus/cqrs/actor.ts'
import { z } from 'zod'

export const CouponView = z.object({
  couponId: CouponId,
  code: CouponCode,
  ownerId: UserId,
  discount: Discount,
  courseIds: z.array(CourseId).max(20).optional(),
  limit: z.int().optional(),
  redeemed: z.int().describe('Purchases that hold it or have used it.'),
  validUntil: Instant.optional(),
  disabled: z.boolean(),
  version: z.int().positive(),
})
export type CouponView = z.infer<typeof CouponView>

/** @param version as it is stored, or will be */
export const presentCoupon = ({ state }: Coupon, version: number): CouponView => {
  const { id: couponId, ...rest } = state
  return { couponId, ...rest, version }
}

/** To everybody else a coupon is missing. */
export const mayManage = (actor: Actor, ownerId: UserId): boolean =>
  actor.kind === 'user' && (actor.userId === ownerId || actor.scopes.has('payments:admin'))
