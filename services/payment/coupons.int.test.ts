import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemIds } from '#services/kit/ids.ts'
import { z } from 'zod'
import { Payments } from '#bus/patterns/payment.ts'
import { CouponView } from './coupon-view.ts'
import { InvoiceView } from './invoice-view.ts'
import { expectInvariants } from './testing/invariants.ts'
import { ADMIN, createJourney, eventually, newWish, payerOf, PRICE, type Wish } from './testing/journey.ts'
import { type PaymentService, startPaymentService } from './testing/payment-service.ts'

let service: PaymentService
let journey: ReturnType<typeof createJourney>

beforeAll(async () => {
  service = await startPaymentService()
  journey = createJourney(service)
})
afterAll(() => service.stop())

const newCode = () => `C-${randomUUID().slice(0, 8)}`.toUpperCase()

const made = async (terms: object = {}): Promise<CouponView> => {
  const body = { code: newCode(), discount: { kind: 'percent', percent: 10 }, ...terms }
  const answer = await journey.call('POST', '/v1/coupons', ADMIN, body)
  expect(answer.status).toBe(201)
  return CouponView.parse(answer.body)
}
const read = async ({ couponId }: CouponView): Promise<CouponView> =>
  CouponView.parse((await journey.call('GET', `/v1/coupons/${couponId}`, ADMIN)).body)

const process = (wish: Wish, couponCode: string, more: object = {}) =>
  service.request(Payments.ProcessPayment, { ...wish, couponCode, ...more })

const payable = async (wish: Wish, couponCode: string) => {
  const { paymentId } = await process(wish, couponCode)
  return { paymentId, intentId: await journey.untilPayable(wish, paymentId) }
}

describe('a purchase with a coupon', () => {
  test('costs less, is charged less, and shows the discount on its invoice', async () => {
    const coupon = await made()
    const wish = newWish()
    const { paymentId, intentId } = await payable(wish, coupon.code.toLowerCase())
    await journey.confirm(intentId)
    await journey.untilStatus(paymentId, 'COMPLETED')
    const total = { ...PRICE, amount: 4410 }
    expect(await journey.view(paymentId, payerOf(wish))).toMatchObject({ money: total })
    const invoice = await eventually(async () => {
      const { body } = await journey.call('GET', '/v1/invoices', payerOf(wish))
      const [item] = z.object({ items: z.array(InvoiceView) }).parse(body).items
      expect(item).toBeDefined()
      return item
    })
    expect(invoice).toMatchObject({ total, discount: { couponCode: coupon.code, money: { ...PRICE, amount: 490 } } })
    await eventually(async () =>
      expect(await service.sql`select status from payment.coupon_redemptions where payer_id = ${wish.payerId}`).toEqual(
        [{ status: 'USED' }],
      ),
    )
    expect(await read(coupon)).toMatchObject({ redeemed: 1 })
  })

  test('is one purchase, however often it is asked for', async () => {
    const coupon = await made()
    const wish = newWish()
    const answers = await Promise.all(Array.from({ length: 4 }, () => process(wish, coupon.code)))
    expect(new Set(answers.map(({ paymentId }) => paymentId)).size).toBe(1)
    expect(await read(coupon)).toMatchObject({ redeemed: 1 })
  })

  test('uses it no more often than its limit, whatever comes at once', async () => {
    const coupon = await made({ limit: 3 })
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => process(newWish(), coupon.code)))
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(refused).toHaveLength(7)
    for (const reason of refused) expect(reason).toMatchObject({ code: 'COUPON_EXHAUSTED' })
    expect(await read(coupon)).toMatchObject({ redeemed: 3, limit: 3 })
  })

  test('is once for each payer, who may try again where no money came', async () => {
    const coupon = await made({ limit: 1 })
    const wish = newWish()
    const { paymentId } = await payable(wish, coupon.code)
    const second = { ...newWish(), payerId: wish.payerId }
    await expect(process(second, coupon.code)).rejects.toMatchObject({ code: 'COUPON_USED' })
    await expect(process(newWish(), coupon.code)).rejects.toMatchObject({ code: 'COUPON_EXHAUSTED' })
    await journey.call('POST', `/v1/payments/${paymentId}/cancel`, payerOf(wish))
    await journey.untilStatus(paymentId, 'CANCELLED')
    await eventually(async () => expect(await read(coupon)).toMatchObject({ redeemed: 0 }))
    await process(second, coupon.code)
    expect(await read(coupon)).toMatchObject({ redeemed: 1 })
  })

  test('that is told of twice, and in another order, counts once', async () => {
    const coupon = await made()
    const wish = newWish()
    const { paymentId, intentId } = await payable(wish, coupon.code)
    await journey.confirm(intentId)
    await journey.untilStatus(paymentId, 'COMPLETED')
    const completed = await eventually(() => {
      const found = journey.eventsOf(paymentId).find(({ type }) => type === 'payment.completed')
      expect(found).toBeDefined()
      return found
    })
    if (completed) for (let n = 0; n < 3; n++) await service.repeat(completed)
    expect(await read(coupon)).toMatchObject({ redeemed: 1 })
  })

  test('that is for another course is refused', async () => {
    const coupon = await made({ courseIds: [systemIds.next('crs')] })
    const [courseId] = coupon.courseIds ?? []
    const wrong = process(newWish(), coupon.code, { courseId: systemIds.next('crs') })
    await expect(wrong).rejects.toMatchObject({ code: 'COUPON_NOT_APPLICABLE' })
    await process(newWish(), coupon.code, { courseId })
  })
})

describe('over HTTP', () => {
  const change = (coupon: CouponView, version: number, body: object) =>
    service.http.app.request(`/v1/coupons/${coupon.couponId}`, {
      method: 'PATCH',
      headers: { 'x-actor': ADMIN, 'content-type': 'application/merge-patch+json', 'if-match': `"${version}"` },
      body: JSON.stringify(body),
    })

  test('a code is taken once', async () => {
    const { code } = await made()
    const again = { code, discount: { kind: 'percent', percent: 20 } }
    expect(await journey.call('POST', '/v1/coupons', ADMIN, again)).toMatchObject({
      status: 409,
      body: { code: 'COUPON_CODE_TAKEN' },
    })
  })

  test('a coupon is disabled by its version, and then taken no more', async () => {
    const coupon = await made()
    expect((await change(coupon, 7, { disabled: true })).status).toBe(412)
    expect((await change(coupon, coupon.version, { disabled: true })).status).toBe(200)
    await expect(process(newWish(), coupon.code)).rejects.toMatchObject({ code: 'COUPON_ENDED' })
  })

  test.each([
    ['of nothing', { kind: 'percent', percent: 0 }],
    ['of everything', { kind: 'percent', percent: 100 }],
    ['of no amount', { kind: 'amount', money: { amount: 0, currency: 'EUR' } }],
  ])('a discount %s is refused', async (_, discount) => {
    expect(await journey.call('POST', '/v1/coupons', ADMIN, { code: newCode(), discount })).toMatchObject({
      status: 400,
    })
  })
})

test('in the end every charge is one payment, and the book balances', () => expectInvariants(service))
