import { CourseRunId } from '#domain/kernel/ids.ts'
import { Money, subtractMoney } from '#domain/kernel/money.ts'
import { CouponUnknown, CouponUsed } from '#domain/payment/errors.ts'
import { COUPON_REFUSALS } from '#domain/payment/messages.ts'
import { IncludedTax, taxIn } from '#domain/payment/shares.ts'
import { AppliedDiscount, CouponCode, PurchaseLine } from '#domain/payment/values.ts'
import { Learning, RunNotFound } from '#bus/patterns/learning.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { Requester } from '#services/kit/ports.ts'
import { z } from 'zod'
import { signedIn } from '../access.ts'
import { CouponRepository, SaleTerms } from '../ports.ts'

export const QuotePurchase = command('payment.quote_purchase', {
  input: z.strictObject({ courseRunId: CourseRunId, couponCode: CouponCode.optional() }),
  output: z.object({
    lines: z.array(PurchaseLine).max(100),
    discount: AppliedDiscount.optional(),
    total: Money,
    tax: IncludedTax.optional().describe('Within the total.'),
  }),
  errors: [RunNotFound, ...COUPON_REFUSALS],
  scope: 'payments:write',
})

/** What an enrollment would cost now. It holds nothing: the price is frozen, and the coupon counted, when it is bought. */
export const quotePurchase = handler(
  QuotePurchase,
  { coupons: CouponRepository, terms: SaleTerms, requester: Requester },
  async ({ input: { courseRunId, couponCode }, actor, tx, now }, { coupons, terms, requester }) => {
    const { userId } = signedIn(actor)
    const {
      price,
      courseId,
      title = 'Course',
    } = await requester.request(Learning.GetOffer, { courseRunId }, { origin: tx.origin })
    const lines = [{ description: title, money: price }]
    const { taxPercent } = terms
    if (couponCode === undefined) return { lines, total: price, tax: taxIn(price, taxPercent) }
    const coupon = await coupons.byCode(couponCode)
    if (!coupon) throw CouponUnknown()
    if (await coupons.isRedeemedBy(coupon.id, userId)) throw CouponUsed()
    const money = coupon.discountOn(price, courseId, now)
    const total = subtractMoney(price, money)
    return { lines, discount: { couponCode: coupon.state.code, money }, total, tax: taxIn(total, taxPercent) }
  },
)

export const quotePurchaseRoute = route(QuotePurchase, {
  method: 'post',
  path: '/v1/quotes',
  tag: 'Coupons',
  summary: 'Ask what an enrollment would cost',
  description: 'With a coupon, it says why one is not taken. Nothing is held by it.',
  examples: { input: { couponCode: 'SPRING-25' } },
})
