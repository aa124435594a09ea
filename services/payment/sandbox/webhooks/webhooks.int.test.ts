import { expect, test, vi } from 'vitest'
import { receiveWebhooks, startSandbox, webhookSecret } from '../testing/start-sandbox.ts'

const payment = { amount: 4900, currency: 'eur', payment_method: 'pm_card_visa', confirm: true }
const soon = { timeout: 10_000, interval: 20 }

test('every change of state is delivered, signed as Stripe signs', async () => {
  const webhooks = await receiveWebhooks()
  const { stripe } = await startSandbox({ webhookUrl: webhooks.url })
  const { id } = await stripe.paymentIntents.create(payment, { idempotencyKey: 'pay_1' })
  await stripe.refunds.create({ payment_intent: id })
  await vi.waitFor(
    () =>
      expect(webhooks.types().sort()).toEqual([
        'charge.refunded',
        'charge.succeeded',
        'payment_intent.created',
        'payment_intent.succeeded',
        'refund.created',
      ]),
    soon,
  )
  const delivered = webhooks.received.map(({ body, signature }) =>
    stripe.webhooks.constructEvent(body, signature, webhookSecret),
  )
  const succeeded = delivered.find(({ type }) => type === 'payment_intent.succeeded')
  expect(succeeded).toMatchObject({
    data: { object: { id, status: 'succeeded' } },
    request: { idempotency_key: 'pay_1' },
  })
  expect(() => stripe.webhooks.constructEvent(webhooks.received[0]?.body ?? '', 't=1,v1=00', webhookSecret)).toThrow(
    'signature',
  )
})

test('an event can be read where its webhook never came', async () => {
  const webhooks = await receiveWebhooks()
  const { stripe, control } = await startSandbox({ webhookUrl: webhooks.url })
  await control.fault({ kind: 'webhook_drop', event: 'payment_intent.succeeded' })
  const { id } = await stripe.paymentIntents.create(payment)
  await vi.waitFor(async () => expect(await control.webhooks()).toEqual({ pending: 0, delivered: 2, dropped: 1 }), soon)
  expect(webhooks.types()).not.toContain('payment_intent.succeeded')
  const { data } = await stripe.events.list({ type: 'payment_intent.succeeded' })
  expect(data).toMatchObject([{ data: { object: { id } } }])
  expect(await stripe.events.retrieve(data[0]?.id ?? '')).toMatchObject({ type: 'payment_intent.succeeded' })
})

test('a refused webhook comes again until it is accepted', async () => {
  const webhooks = await receiveWebhooks({ refusals: 5 })
  const { stripe, control } = await startSandbox({ webhookUrl: webhooks.url })
  await stripe.paymentIntents.create(payment)
  await vi.waitFor(async () => expect(await control.webhooks()).toMatchObject({ pending: 0, delivered: 3 }), soon)
  expect(webhooks.received).toHaveLength(3)
})

test('a repeated webhook carries the same event', async () => {
  const webhooks = await receiveWebhooks()
  const { stripe, control } = await startSandbox({ webhookUrl: webhooks.url })
  await control.fault({ kind: 'webhook_repeat', event: 'payment_intent.succeeded', count: 4 })
  await stripe.paymentIntents.create(payment)
  const succeeded = () => webhooks.received.filter(({ event }) => event.type === 'payment_intent.succeeded')
  await vi.waitFor(() => expect(succeeded()).toHaveLength(4), soon)
  expect(new Set(succeeded().map(({ body }) => body)).size).toBe(1)
})

test('a delayed webhook is overtaken by later ones', async () => {
  const webhooks = await receiveWebhooks()
  const { stripe, control } = await startSandbox({ webhookUrl: webhooks.url })
  await control.fault({ kind: 'webhook_delay', event: 'payment_intent.created', delayMs: 400 })
  await stripe.paymentIntents.create(payment)
  await vi.waitFor(() => expect(webhooks.received).toHaveLength(3), soon)
  expect(webhooks.types().at(-1)).toBe('payment_intent.created')
})

test('a racing webhook is there before the answer', async () => {
  const webhooks = await receiveWebhooks()
  const { stripe, control } = await startSandbox({ webhookUrl: webhooks.url })
  await control.fault({ kind: 'webhook_race', event: 'payment_intent.succeeded', times: 5 })
  for (let round = 1; round <= 5; round += 1) {
    await stripe.paymentIntents.create(payment)
    expect(webhooks.types().filter((type) => type === 'payment_intent.succeeded')).toHaveLength(round)
  }
})

test('a clock that was put forward dates what happens, and makes a delayed webhook due', async () => {
  const webhooks = await receiveWebhooks()
  const { stripe, control } = await startSandbox({ webhookUrl: webhooks.url })
  await control.fault({ kind: 'webhook_delay', event: 'payment_intent.succeeded', delayMs: 600_000 })
  const { created } = await stripe.paymentIntents.create(payment)
  await control.moveClock(600_000)
  await vi.waitFor(() => expect(webhooks.types()).toContain('payment_intent.succeeded'), soon)
  const later = await stripe.paymentIntents.create(payment)
  expect(later.created - created).toBeGreaterThanOrEqual(600)
})
