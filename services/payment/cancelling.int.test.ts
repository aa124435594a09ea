import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Payments } from '#bus/patterns/payment.ts'
import { expectInvariants } from './testing/invariants.ts'
import { createJourney, eventually, newWish, payerOf, type Wish } from './testing/journey.ts'
import { type PaymentService, startPaymentService } from './testing/payment-service.ts'

let service: PaymentService
let journey: ReturnType<typeof createJourney>

beforeAll(async () => {
  service = await startPaymentService()
  journey = createJourney(service)
})
afterAll(() => service.stop())

let acts = 0
const cancel = ({ purchase }: Wish) =>
  service.request(Payments.CancelPayment, { purchase, actionId: `CourseEnrollment:${purchase.refId}:${++acts}` })

const dropWebhooks = ({ purchase }: Wish, times = 10) =>
  service.sandbox.fault({ kind: 'webhook_drop', times, metadata: { course: purchase.refId } })

describe('a cancel of the saga', () => {
  test('that comes before the purchase is remembered: the purchase is refused', async () => {
    const wish = newWish()
    expect(await cancel(wish)).toEqual({ status: 'CANCELLED' })
    expect(await cancel(wish)).toEqual({ status: 'CANCELLED' })
    await expect(journey.process(wish)).rejects.toMatchObject({ code: 'PURCHASE_CANCELLED' })
  })

  test('and the purchase at the same moment end in one of both, never in a payment that nobody cancels', async () => {
    const wishes = Array.from({ length: 10 }, () => newWish())
    const outcomes = await Promise.all(
      wishes.map(async (wish) => (await Promise.allSettled([journey.process(wish), cancel(wish)]))[0]),
    )
    const refusals = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason)
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'PURCHASE_CANCELLED' })
    const opened = outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value)
    for (const { paymentId } of opened) await journey.untilStatus(paymentId, 'CANCELLED')
  })

  test('is undecided until the provider has confirmed it, and then told', async () => {
    const wish = newWish()
    const { paymentId, intentId } = await journey.payable(wish)
    expect(await cancel(wish)).toEqual({ status: 'REQUIRES_ACTION' })
    expect(await journey.view(paymentId, payerOf(wish))).not.toHaveProperty('clientSecret')
    await journey.untilStatus(paymentId, 'CANCELLED')
    expect(await cancel(wish)).toEqual({ status: 'CANCELLED' })
    expect(await service.stripe.paymentIntents.retrieve(intentId)).toMatchObject({ status: 'canceled' })
    await eventually(() =>
      expect(journey.eventsOf(paymentId)).toMatchObject([
        { type: 'payment.initiated' },
        { type: 'payment.failed', data: { code: 'cancelled', purchase: wish.purchase } },
      ]),
    )
  })

  test('that loses to the payer finds the money, although no webhook came', async () => {
    const wish = newWish()
    const { paymentId, intentId } = await journey.payable(wish)
    await dropWebhooks(wish)
    await journey.confirm(intentId)
    expect(await cancel(wish)).toEqual({ status: 'REQUIRES_ACTION' })
    await journey.untilStatus(paymentId, 'COMPLETED')
    expect(await cancel(wish)).toEqual({ status: 'COMPLETED' })
    await eventually(() => expect(journey.typesOf(paymentId)).toEqual(['payment.initiated', 'payment.completed']))
  })

  test('before there is an intent cancels the one that is then created', async () => {
    const wish = newWish()
    const fault = { kind: 'rate_limit', operation: 'payment_intents.create', times: 3 }
    await service.sandbox.fault({ ...fault, metadata: { course: wish.purchase.refId } })
    const { paymentId } = await journey.process(wish)
    expect(await cancel(wish)).toEqual({ status: 'INITIATED' })
    await journey.untilStatus(paymentId, 'CANCELLED')
    const { data } = await service.stripe.paymentIntents.list({ limit: 100 })
    expect(data.filter(({ metadata }) => metadata['paymentId'] === paymentId)).toMatchObject([{ status: 'canceled' }])
  })

  test('whose answer is lost is repeated', async () => {
    const wish = newWish()
    const { paymentId } = await journey.payable(wish)
    const fault = { kind: 'lose_answer', operation: 'payment_intents.cancel', times: 2 }
    await service.sandbox.fault({ ...fault, metadata: { course: wish.purchase.refId } })
    await cancel(wish)
    await journey.untilStatus(paymentId, 'CANCELLED')
  })

  test('of a payment whose bank is at work ends it, should the bank decline', async () => {
    const wish = newWish({ amount: 4900, currency: 'USD' })
    const { paymentId, intentId } = await journey.payable(wish)
    await journey.confirm(intentId, 'pm_usBankAccount_insufficientFunds')
    await journey.untilStatus(paymentId, 'PROCESSING')
    await service.sandbox.post(`/payment_intents/${intentId}/settle`)
    await journey.untilStatus(paymentId, 'FAILED')
    expect(await cancel(wish)).toEqual({ status: 'FAILED' })
  })
})

describe('a payer', () => {
  const cancelAs = (paymentId: string, actor: string) => journey.call('POST', `/v1/payments/${paymentId}/cancel`, actor)

  test('cancels the own payment', async () => {
    const wish = newWish()
    const { paymentId } = await journey.payable(wish)
    const answer = await cancelAs(paymentId, payerOf(wish))
    expect(answer).toMatchObject({ status: 200, body: { paymentId, status: 'REQUIRES_ACTION' } })
    await journey.untilStatus(paymentId, 'CANCELLED')
    expect(await journey.view(paymentId, payerOf(wish))).toMatchObject({ code: 'cancelled' })
    const again = await cancelAs(paymentId, payerOf(wish))
    expect(again).toMatchObject({ status: 200, body: { status: 'CANCELLED' } })
  })

  test('cannot cancel what is paid', async () => {
    const wish = newWish()
    const { paymentId } = await journey.paid(wish)
    const answer = await cancelAs(paymentId, payerOf(wish))
    expect(answer).toMatchObject({ status: 409, body: { code: 'PAYMENT_ALREADY_COMPLETED' } })
  })

  test("cannot cancel another's", async () => {
    const { paymentId } = await journey.payable(newWish())
    const answer = await cancelAs(paymentId, payerOf(newWish()))
    expect(answer).toMatchObject({ status: 404, body: { code: 'PAYMENT_NOT_FOUND' } })
  })
})

test('in the end every charge is one payment, and the book balances', () => expectInvariants(service))
