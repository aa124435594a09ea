import { CouponId, type CourseId } from '#domain/kernel/ids.ts'
import { Coupon, CouponTerms } from '#domain/payment/coupon.ts'
import { CouponCodeTaken, CouponCoursesNotOwned } from '#domain/payment/errors.ts'
import { CouponCode } from '#domain/payment/values.ts'
import { CourseNotFound, Learning } from '#bus/patterns/learning.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import type { Requester as RequesterPort } from '#bus/request-reply/requester.ts'
import type { Origin } from '#bus/unit-of-work/unit-of-work.ts'
import { route } from '#services/kit/http/route.ts'
import { Requester } from '#services/kit/ports.ts'
import { signedIn } from '../access.ts'
import { CouponView, presentCoupon } from '../coupon-view.ts'
import { CouponRepository } from '../ports.ts'

export const CreateCoupon = command('payment.create_coupon', {
  input: CouponTerms.extend({ code: CouponCode }),
  output: CouponView,
  errors: [CouponCodeTaken, CouponCoursesNotOwned],
  scope: 'coupons:write',
  idempotent: true,
})

const tutorOf = async (courseId: CourseId, requester: RequesterPort, origin: Origin): Promise<string | undefined> => {
  try {
    return (await requester.request(Learning.GetCourseById, { courseId }, { origin })).tutorId
  } catch (error) {
    if (CourseNotFound.is(error)) return undefined
    throw error
  }
}

/** An admin's coupon may be for every course; a tutor's names courses of their own. */
export const createCoupon = handler(
  CreateCoupon,
  { coupons: CouponRepository, requester: Requester },
  async ({ input: { code, ...terms }, actor, tx, ids }, { coupons, requester }) => {
    const { userId: ownerId, scopes } = signedIn(actor)
    if (!scopes.has('payments:admin')) {
      const asked = (terms.courseIds ?? []).map((courseId) => tutorOf(courseId, requester, tx.origin))
      const tutors = await Promise.all(asked)
      if (tutors.length === 0 || tutors.some((tutorId) => tutorId !== ownerId)) throw CouponCoursesNotOwned()
    }
    if (await coupons.byCode(code)) throw CouponCodeTaken(code)
    const coupon = Coupon.create({ id: CouponId.parse(ids.next('cpn')), code, ownerId }, terms)
    coupons.save(tx, coupon)
    return presentCoupon(coupon, 1)
  },
)

export const createCouponRoute = route(CreateCoupon, {
  method: 'post',
  path: '/v1/coupons',
  status: 201,
  tag: 'Coupons',
  summary: 'Make a coupon',
  description: 'A tutor names courses of their own; an admin may leave them out. A payer uses it once.',
  location: ({ couponId }) => `/v1/coupons/${couponId}`,
  links: { coupon: { operationId: 'getCoupon', parameters: { couponId: '$response.body#/couponId' } } },
  examples: { input: { code: 'SPRING-25', discount: { kind: 'percent', percent: 25 }, limit: 100 } },
})
