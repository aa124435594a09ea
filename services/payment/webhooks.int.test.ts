import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY, MINUTE } from '#domain/kernel/clock.ts'
import { systemIds } from '#services/kit/ids.ts'
import { purgeProviderEvents } from './jobs/purge-provider-events.ts'
import { expectInvariants } from './testing/invariants.ts'
import { createJourney, eventually, newWish } from './testing/journey.ts'
import { type PaymentService, startPaymentService } from './testing/payment-service.ts'

let service: PaymentService
let journey: ReturnType<typeof createJourney>

beforeAll(async () => {
  service = await startPaymentService()
  journey = createJourney(service)
})
afterAll(() => service.stop())

const eventOf = (type: string, object: object) =>
  JSON.stringify({ id: `evt_${systemIds.next('test')}`, object: 'event', type, data: { object } })

const intentEvent = (type: string, paymentId: string) =>
  eventOf(type, { id: 'pi_1', object: 'payment_intent', metadata: { paymentId } })

const sign = (body: string, { ageMs = 0, secret = service.webhookSecret } = {}): string => {
  const at = Math.floor((Date.parse(service.clock.now()) - ageMs) / 1000)
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`
}

const deliver = async (body: string, signature: string | undefined = sign(body), provider = 'stripe') => {
  const headers = { 'content-type': 'application/json', ...(signature && { 'stripe-signature': signature }) }
  const response = await service.http.app.request(`/v1/webhooks/${provider}`, { method: 'POST', headers, body })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

const stored = (body: string) =>
  service.sql`select from payment.provider_events where event_id = ${JSON.parse(body).id}`

describe('a webhook', () => {
  test('that comes five times is stored once and takes effect once', async () => {
    const { paymentId, intentId } = await journey.payable(newWish())
    await service.sandbox.fault({ kind: 'webhook_repeat', event: 'payment_intent.succeeded', count: 5 })
    await journey.confirm(intentId)
    await journey.untilStatus(paymentId, 'COMPLETED')
    const again = intentEvent('payment_intent.succeeded', paymentId)
    for (let n = 0; n < 3; n++) expect(await deliver(again)).toMatchObject({ status: 200 })
    expect(await stored(again)).toHaveLength(1)
    await eventually(() => expect(journey.typesOf(paymentId)).toEqual(['payment.initiated', 'payment.completed']))
    const entries = await service.sql`select from payment.ledger_entries where reference = ${`capture:${paymentId}`}`
    // The sale, its payment, and the tax in it.
    expect(entries).toHaveLength(6)
  })

  test('that claims success moves nothing: the state is read at the provider', async () => {
    const { paymentId } = await journey.payable(newWish())
    expect(await deliver(intentEvent('payment_intent.succeeded', paymentId))).toMatchObject({ status: 200 })
    await eventually(async () =>
      expect(await service.sql`select from payment.outbox where key = ${paymentId}`).toHaveLength(0),
    )
    expect(await journey.statusOf(paymentId)).toBe('REQUIRES_ACTION')
  })

  test('of an earlier state that comes late changes nothing', async () => {
    const { paymentId } = await journey.paid(newWish())
    for (const type of ['payment_intent.processing', 'payment_intent.payment_failed', 'payment_intent.canceled'])
      expect(await deliver(intentEvent(type, paymentId))).toMatchObject({ status: 200 })
    await eventually(async () =>
      expect(await service.sql`select from payment.outbox where key = ${paymentId}`).toHaveLength(0),
    )
    expect(await journey.statusOf(paymentId)).toBe('COMPLETED')
  })

  test('that overtakes the answer of the creation is no trouble', async () => {
    const wish = newWish()
    await service.sandbox.fault({
      kind: 'webhook_race',
      event: '*',
      times: 4,
      metadata: { course: wish.purchase.refId },
    })
    const { paymentId } = await journey.paid(wish)
    await eventually(() => expect(journey.typesOf(paymentId)).toEqual(['payment.initiated', 'payment.completed']))
  })

  test('of a kind that nobody knows is stored and answered', async () => {
    const body = eventOf('radar.early_fraud_warning.created', { id: 'issfr_1', object: 'radar.early_fraud_warning' })
    expect(await deliver(body)).toMatchObject({ status: 200 })
    expect(await stored(body)).toHaveLength(1)
  })

  test("about another software's intent is stored and answered", async () => {
    const body = eventOf('payment_intent.succeeded', { id: 'pi_9', object: 'payment_intent', metadata: { order: '7' } })
    expect(await deliver(body)).toMatchObject({ status: 200 })
  })
})

describe('a webhook is refused and not stored', () => {
  const body = eventOf('payment_intent.succeeded', { id: 'pi_1', object: 'payment_intent' })
  const cases: readonly (readonly [string, () => string | undefined])[] = [
    ['without a signature', () => ''],
    ['with a signature of another secret', () => sign(body, { secret: 'whsec_of_somebody_else' })],
    ['with a signature of another body', () => sign(`${body} `)],
    ['with a signature of an empty secret', () => sign(body, { secret: '' })],
    ['with a signature that is older than five minutes', () => sign(body, { ageMs: 5 * MINUTE + 2_000 })],
    ['with a signature that makes no sense', () => 't=soon,v1=yes'],
  ]
  test.each(cases)('%s', async (_, signature) => {
    expect(await deliver(body, signature())).toMatchObject({ status: 400, body: { code: 'WEBHOOK_REFUSED' } })
    expect(await stored(body)).toHaveLength(0)
  })

  test('for a provider that nobody knows', async () => {
    expect(await deliver(body, sign(body), 'paypal')).toMatchObject({ status: 404, body: { code: 'PROVIDER_UNKNOWN' } })
    expect(await stored(body)).toHaveLength(0)
  })
})

test('in the end every charge is one payment, and the book balances', () => expectInvariants(service))

test('notices are forgotten after a month, and those of yesterday are not', async () => {
  const [old, young] = [
    eventOf('charge.updated', { object: 'charge' }),
    eventOf('charge.updated', { object: 'charge' }),
  ]
  expect(await deliver(old)).toMatchObject({ status: 200 })
  service.clock.advance(30 * DAY)
  expect(await deliver(young)).toMatchObject({ status: 200 })
  await purgeProviderEvents.bind(service.runtime.resolve)()
  expect([await stored(old), await stored(young)].map(({ length }) => length)).toEqual([0, 1])
})
