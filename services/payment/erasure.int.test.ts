import { afterAll, beforeAll, expect, test } from 'vitest'
import { Payments } from '#bus/patterns/payment.ts'
import { expectInvariants } from './testing/invariants.ts'
import { createJourney, eventually, newWish, PRICE } from './testing/journey.ts'
import { type PaymentService, startPaymentService } from './testing/payment-service.ts'

let service: PaymentService
let journey: ReturnType<typeof createJourney>

beforeAll(async () => {
  service = await startPaymentService()
  journey = createJourney(service)
})
afterAll(() => service.stop())

const noticesOf = (paymentId: string) =>
  service.sql`select body from payment.provider_events where about = ${paymentId}`

test('a payer who is forgotten pays nothing more, and the notices about what they paid lose their bodies', async () => {
  const wish = newWish()
  const { payerId: userId } = wish
  const paid = await journey.paid(wish)
  const { refundId } = await journey.refund(paid.paymentId, 'paid_late', `erased-${userId}`, { ...PRICE, amount: 900 })
  await eventually(() => expect(journey.typesOf(refundId)).toEqual(['payment.refund_processed']))
  const open = await journey.payable({ ...newWish(), payerId: userId })
  const other = await journey.paid(newWish())
  await eventually(async () => expect((await noticesOf(paid.paymentId)).length).toBeGreaterThan(0))

  const answers = await Promise.all(Array.from({ length: 3 }, () => service.request(Payments.EraseUser, { userId })))
  expect(answers.some(({ counts }) => counts['openPayments'] === 1)).toBe(true)
  await journey.untilStatus(open.paymentId, 'CANCELLED')
  // The notice of that very cancel may name the payer again: the second time is for what came since.
  await eventually(async () => {
    await service.request(Payments.EraseUser, { userId })
    const left = [...(await noticesOf(paid.paymentId)), ...(await noticesOf(open.paymentId))]
    expect(left.filter(({ body }) => body !== '')).toEqual([])
  })
  expect((await noticesOf(other.paymentId)).every(({ body }) => body !== '')).toBe(true)
  expect(await journey.statusOf(paid.paymentId)).toBe('COMPLETED')
  expect((await service.request(Payments.EraseUser, { userId })).counts).toEqual({
    openPayments: 0,
    notices: 0,
    payoutAccounts: 0,
  })
})

test('in the end every charge is one payment, and the book balances', () => expectInvariants(service))
