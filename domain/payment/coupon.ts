import { z } from 'zod'
import { AggregateRoot } from '../kernel/aggregate-root.ts'
import { Instant } from '../kernel/clock.ts'
import { CourseId, type CouponId, type PurchaseId, type UserId } from '../kernel/ids.ts'
import { type Money, PositiveMoney, stepOf } from '../kernel/money.ts'
import { CouponCoversAll, CouponEnded, CouponExhausted, CouponLimitBelowUse, CouponNotApplicable } from './errors.ts'
import type { CouponCode } from './values.ts'

export const Discount = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('percent'), percent: z.int().min(1).max(99) }),
  z.strictObject({ kind: z.literal('amount'), money: PositiveMoney }),
])
export type Discount = z.infer<typeof Discount>

export const CouponTerms = z.strictObject({
  discount: Discount,
  courseIds: z
    .array(CourseId)
    .min(1)
    .max(20)
    .optional()
    .describe('The courses that it is for; all where it is absent.'),
  limit: z.int().min(1).max(1_000_000).optional().describe('How often it may be used in all.'),
  validUntil: Instant.optional(),
})
export type CouponTerms = z.infer<typeof CouponTerms>

export interface CouponState extends CouponTerms {
  readonly id: CouponId
  readonly code: CouponCode
  /** Who made it. */
  readonly ownerId: UserId
  readonly disabled: boolean
  /** Purchases that hold it or have used it. */
  readonly redeemed: number
}

/** RESERVED from the checkout on, USED once it is paid, RELEASED where no money came. */
export type RedemptionStatus = 'RESERVED' | 'USED' | 'RELEASED'

/** One use of a coupon: one for each purchase, and one that counts for each payer. */
export interface Redemption {
  readonly couponId: CouponId
  readonly purchaseId: PurchaseId
  readonly payerId: UserId
  readonly status: RedemptionStatus
}

/** A discount, rounded down to what a card can be charged. */
const takenOff = (discount: Discount, price: Money): number => {
  if (discount.kind === 'amount') return discount.money.amount
  const step = stepOf(price.currency)
  return Math.floor((price.amount * discount.percent) / 100 / step) * step
}

/** A code that makes purchases cheaper. How often it is used is counted on it, so that two at a time meet at its version. */
export class Coupon extends AggregateRoot<CouponState> {
  static create(named: Pick<CouponState, 'id' | 'code' | 'ownerId'>, terms: CouponTerms): Coupon {
    return new Coupon({ ...named, ...terms, disabled: false, redeemed: 0 }, 0)
  }

  static restore(state: CouponState, version: number): Coupon {
    return new Coupon(state, version)
  }

  /** `null` takes a limit or an end away. Throws `CouponLimitBelowUse`. */
  update(changes: {
    readonly limit?: number | null | undefined
    readonly validUntil?: Instant | null | undefined
    readonly disabled?: boolean | undefined
  }): void {
    const { state } = this
    const limit = changes.limit === undefined ? state.limit : (changes.limit ?? undefined)
    const validUntil = changes.validUntil === undefined ? state.validUntil : (changes.validUntil ?? undefined)
    if (limit !== undefined && limit < state.redeemed) throw CouponLimitBelowUse(state.redeemed)
    this.become({ ...state, limit, validUntil, disabled: changes.disabled ?? state.disabled })
  }

  /**
   * What it takes off a price now. Throws `CouponEnded`, `CouponExhausted`, `CouponNotApplicable`, `CouponCoversAll`.
   * @param courseId what is bought; only a coupon for all courses is good where it is not known
   */
  discountOn(price: Money, courseId: CourseId | undefined, at: Instant): Money {
    const { discount, courseIds, limit, validUntil, disabled, redeemed } = this.current
    if (disabled || (validUntil !== undefined && at >= validUntil)) throw CouponEnded()
    if (courseIds && !(courseId && courseIds.includes(courseId))) throw CouponNotApplicable()
    if (discount.kind === 'amount' && discount.money.currency !== price.currency) throw CouponNotApplicable()
    if (limit !== undefined && redeemed >= limit) throw CouponExhausted()
    const amount = takenOff(discount, price)
    if (amount >= price.amount) throw CouponCoversAll()
    return { amount, currency: price.currency }
  }

  /** Counts a use, or one that is over; a payment that comes after all counts above the limit. */
  count(by: 1 | -1): void {
    this.become({ ...this.current, redeemed: this.current.redeemed + by })
  }
}
