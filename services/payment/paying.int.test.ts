import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOUR } from '#domain/kernel/clock.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { expectInvariants } from './testing/invariants.ts'
import { ADMIN, createJourney, eventually, newWish, PRICE, payerOf } from './testing/journey.ts'
import { type PaymentService, startPaymentService } from './testing/payment-service.ts'

let service: PaymentService
let journey: ReturnType<typeof createJourney>

beforeAll(async () => {
  service = await startPaymentService()
  journey = createJourney(service)
})
afterAll(() => service.stop())

/** Aims a fault at the one intent of this wish. */
const aim = ({ purchase }: { purchase: { refId: string } }) => ({ metadata: { course: purchase.refId } })

const intentsOf = async (refId: string) => {
  const { data } = await service.stripe.paymentIntents.list({ limit: 100 })
  return data.filter(({ metadata }) => metadata['course'] === refId)
}

describe('a purchase', () => {
  test('gets one payment, however often it is asked for', async () => {
    const wish = newWish()
    const answers = await Promise.all(Array.from({ length: 5 }, () => journey.process(wish)))
    const ids = new Set(answers.map(({ paymentId }) => paymentId))
    expect(ids.size).toBe(1)
    const [first] = answers
    await eventually(() => expect(journey.typesOf(first?.paymentId ?? '')).toEqual(['payment.initiated']))
  })

  test('of another payer or amount is refused under the same reference', async () => {
    const wish = newWish()
    await journey.process(wish)
    await expect(journey.process({ ...wish, payerId: newWish().payerId })).rejects.toMatchObject({
      code: 'PURCHASE_MISMATCH',
    })
    await expect(journey.process({ ...wish, money: { ...PRICE, amount: 1 } })).rejects.toMatchObject({
      code: 'PURCHASE_MISMATCH',
    })
  })

  test('with a coupon that nobody made is refused', async () => {
    const asked = service.request(Payments.ProcessPayment, { ...newWish(), couponCode: 'SUMMER' })
    await expect(asked).rejects.toMatchObject({ code: 'COUPON_UNKNOWN' })
  })
})

describe('a payer', () => {
  test('confirms with the client secret, and the webhook completes the payment', async () => {
    const wish = newWish()
    const { paymentId } = await journey.paid(wish)
    await eventually(() =>
      expect(journey.eventsOf(paymentId)).toMatchObject([
        { type: 'payment.initiated' },
        { type: 'payment.completed', data: { paymentId, ...wish } },
      ]),
    )
    const { payerId, purchase, money } = wish
    const verify = (asked: object) =>
      service.request(Payments.VerifyPayment, { paymentId, payerId, purchase, money, ...asked })
    expect(await verify({})).toEqual({ valid: true, status: 'COMPLETED' })
    expect(await verify({ payerId: newWish().payerId })).toMatchObject({ valid: false })
    expect(await verify({ purchase: newWish().purchase })).toMatchObject({ valid: false })
  })

  test('alone sees the client secret, and only while there is something to pay', async () => {
    const wish = newWish()
    const { paymentId, intentId } = await journey.payable(wish)
    expect(await journey.view(paymentId, ADMIN)).not.toHaveProperty('clientSecret')
    const foreign = await journey.call('GET', `/v1/payments/${paymentId}`, payerOf(newWish()))
    expect(foreign).toMatchObject({ status: 404, body: { code: 'PAYMENT_NOT_FOUND' } })
    await journey.confirm(intentId)
    await journey.untilStatus(paymentId, 'COMPLETED')
    expect(await journey.view(paymentId, payerOf(wish))).not.toHaveProperty('clientSecret')
  })

  test('who is asked for 3D Secure completes it afterwards', async () => {
    const { paymentId, intentId } = await journey.payable(newWish())
    await journey.confirm(intentId, 'pm_card_authenticationRequired')
    expect(await journey.statusOf(paymentId)).toBe('REQUIRES_ACTION')
    await service.sandbox.post(`/payment_intents/${intentId}/authenticate`)
    await journey.untilStatus(paymentId, 'COMPLETED')
  })

  test('whose bank takes its time waits in PROCESSING', async () => {
    const { paymentId, intentId } = await journey.payable(newWish({ amount: 4900, currency: 'USD' }))
    await journey.confirm(intentId, 'pm_usBankAccount_success')
    await journey.untilStatus(paymentId, 'PROCESSING')
    await service.sandbox.post(`/payment_intents/${intentId}/settle`)
    await journey.untilStatus(paymentId, 'COMPLETED')
  })

  test('whose card is declined ends the payment, and nothing can be paid at the provider any more', async () => {
    const wish = newWish()
    const { paymentId, intentId } = await journey.payable(wish)
    await expect(journey.confirm(intentId, 'pm_card_visa_chargeDeclinedInsufficientFunds')).rejects.toThrow('funds')
    await journey.untilStatus(paymentId, 'FAILED')
    expect(await journey.view(paymentId, payerOf(wish))).toMatchObject({ code: 'insufficient_funds' })
    expect(await service.stripe.paymentIntents.retrieve(intentId)).toMatchObject({ status: 'canceled' })
    await eventually(() => expect(journey.typesOf(paymentId)).toEqual(['payment.initiated', 'payment.failed']))
  })

  test('pages through the own payments, newest first', async () => {
    const wish = newWish()
    const made = []
    for (let n = 0; n < 3; n++) made.push((await journey.process({ ...newWish(), payerId: wish.payerId })).paymentId)
    const first = await journey.call('GET', '/v1/payments?me&limit=2', payerOf(wish))
    expect(first.body).toMatchObject({
      items: made
        .toReversed()
        .slice(0, 2)
        .map((paymentId) => ({ paymentId })),
    })
    const next = /<(.*)>/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
    const second = await journey.call('GET', next, payerOf(wish))
    expect(second.body).toMatchObject({ items: [{ paymentId: made[0] }] })
    expect(second.headers.get('link')).toBeNull()
  })
})

describe('the creation of the intent', () => {
  test('whose answer is lost is repeated and finds the same intent', async () => {
    const wish = newWish()
    // The client tries a cut connection twice by itself.
    await service.sandbox.fault({ kind: 'lose_answer', operation: 'payment_intents.create', times: 4, ...aim(wish) })
    const { intentId } = await journey.paid(wish)
    expect(await intentsOf(wish.purchase.refId)).toMatchObject([{ id: intentId }])
  })

  test('that is never answered is given up after two seconds, and repeated', async () => {
    const wish = newWish()
    const fault = { kind: 'time_out', operation: 'payment_intents.create', before: 'answer' }
    await service.sandbox.fault({ ...fault, ...aim(wish) })
    const { intentId } = await journey.paid(wish)
    expect(await intentsOf(wish.purchase.refId)).toMatchObject([{ id: intentId }])
  })

  test('that fails after its effect is found, although its key replays the failure', async () => {
    const wish = newWish()
    const fault = { kind: 'server_error_after_effect', operation: 'payment_intents.create', ...aim(wish) }
    await service.sandbox.fault(fault)
    const { intentId } = await journey.paid(wish)
    expect(await intentsOf(wish.purchase.refId)).toMatchObject([{ id: intentId }])
  })

  test('that is repeated after the provider has forgotten the key finds the intent of the first try', async () => {
    const wish = newWish()
    const operation = 'payment_intents.create'
    await service.sandbox.fault({ kind: 'lose_answer', operation, times: 2, ...aim(wish) })
    await service.sandbox.fault({ kind: 'rate_limit', operation, times: 100, ...aim(wish) })
    const { paymentId } = await journey.process(wish)
    // Two tries have failed: nothing of the first one is still on its way.
    await eventually(async () =>
      expect(await service.sql`select from payment.held_keys where key = ${paymentId} and attempts > 1`).toHaveLength(
        1,
      ),
    )
    expect(await intentsOf(wish.purchase.refId)).toHaveLength(1)
    expect(await journey.statusOf(paymentId)).toBe('INITIATED')
    service.clock.advance(25 * HOUR)
    await service.sandbox.clearFaults()
    const intentId = await journey.untilPayable(wish, paymentId)
    expect(await intentsOf(wish.purchase.refId)).toMatchObject([{ id: intentId }])
  })

  test('that the provider refuses for good ends the payment', async () => {
    const { paymentId } = await journey.process(newWish({ amount: 10, currency: 'EUR' }))
    await journey.untilStatus(paymentId, 'FAILED')
    await eventually(() =>
      expect(journey.eventsOf(paymentId).at(-1)).toMatchObject({
        type: 'payment.failed',
        data: { code: 'amount_too_small' },
      }),
    )
  })
})

test('in the end every charge is one payment, and the book balances', () => expectInvariants(service))
