import Stripe from 'stripe'
import { expect, test } from 'vitest'
import { startSandbox, stripeClient } from '../testing/start-sandbox.ts'

const course = { amount: 4900, currency: 'eur', metadata: { paymentId: 'pay_1' } }
const payment = { ...course, payment_method: 'pm_card_visa', confirm: true }
const operation = 'payment_intents.create'

test('a charge whose answer is lost is found again under its key', async () => {
  const { stripe, control } = await startSandbox()
  // The SDK itself retries a cut connection once.
  await control.fault({ kind: 'lose_answer', operation, times: 2 })
  const lost = stripe.paymentIntents.create(payment, { idempotencyKey: 'pay_1' })
  await expect(lost).rejects.toBeInstanceOf(Stripe.errors.StripeConnectionError)
  const [charge] = (await control.ledger()).charges
  const found = await stripe.paymentIntents.create(payment, { idempotencyKey: 'pay_1' })
  expect(found).toMatchObject({ id: charge?.payment_intent, status: 'succeeded' })
  expect((await control.ledger()).charges).toHaveLength(1)
})

test('a lost request has no effect', async () => {
  const { stripe, control } = await startSandbox()
  await control.fault({ kind: 'lose_request', operation, times: 2 })
  await expect(stripe.paymentIntents.create(payment)).rejects.toBeInstanceOf(Stripe.errors.StripeConnectionError)
  expect((await control.ledger()).payment_intents).toEqual([])
})

test('an answer that never comes leaves its effect', async () => {
  const { port, control } = await startSandbox()
  await control.fault({ kind: 'time_out', before: 'answer', operation })
  const impatient = stripeClient(port, { timeout: 200 })
  await expect(impatient.paymentIntents.create(payment)).rejects.toBeInstanceOf(Stripe.errors.StripeConnectionError)
  expect((await control.ledger()).charges).toHaveLength(1)
})

test('a slow request takes effect after its client has given up', async () => {
  const { port, control } = await startSandbox()
  await control.fault({ kind: 'time_out', before: 'effect', delayMs: 500, operation })
  const impatient = stripeClient(port, { timeout: 100 })
  await expect(impatient.paymentIntents.create(payment)).rejects.toBeInstanceOf(Stripe.errors.StripeConnectionError)
  expect((await control.ledger()).charges).toEqual([])
  await expect.poll(async () => (await control.ledger()).charges.length, { timeout: 10_000 }).toBe(1)
})

test.each([
  ['rate_limit', 429],
  ['server_error', 500],
])('%s answers %i, does nothing and keeps the key free', async (kind, statusCode) => {
  const { stripe, control } = await startSandbox()
  await control.fault({ kind, operation })
  const create = () => stripe.paymentIntents.create(payment, { idempotencyKey: 'pay_1' })
  await expect(create()).rejects.toMatchObject({ statusCode })
  expect((await control.ledger()).payment_intents).toEqual([])
  await expect(create()).resolves.toMatchObject({ status: 'succeeded' })
})

test('a 500 after the effect is what the key answers from then on', async () => {
  const { stripe, control } = await startSandbox()
  await control.fault({ kind: 'server_error_after_effect', operation })
  const create = () => stripe.paymentIntents.create(payment, { idempotencyKey: 'pay_1' })
  await expect(create()).rejects.toMatchObject({ statusCode: 500 })
  await expect(create()).rejects.toMatchObject({ statusCode: 500, headers: { 'idempotent-replayed': 'true' } })
  expect((await control.ledger()).charges).toHaveLength(1)
  expect((await stripe.paymentIntents.list()).data).toMatchObject([{ metadata: course.metadata, status: 'succeeded' }])
})

test('a fault can aim at one payment by its metadata', async () => {
  const { stripe, control } = await startSandbox()
  await control.fault({ kind: 'decline', declineCode: 'lost_card', metadata: { paymentId: 'pay_2' } })
  await expect(stripe.paymentIntents.create(payment)).resolves.toMatchObject({ status: 'succeeded' })
  await expect(stripe.paymentIntents.create({ ...payment, metadata: { paymentId: 'pay_2' } })).rejects.toMatchObject({
    decline_code: 'lost_card',
  })
})

test.each([
  ['require_action', 'requires_action'],
  ['process', 'processing'],
])('%s, as a fault or in the metadata of the intent, ends in %s', async (kind, status) => {
  const { stripe, control } = await startSandbox()
  await control.fault({ kind })
  await expect(stripe.paymentIntents.create(payment)).resolves.toMatchObject({ status })
  await expect(stripe.paymentIntents.create({ ...payment, metadata: { sandbox: kind } })).resolves.toMatchObject({
    status,
  })
  await expect(stripe.paymentIntents.create(payment)).resolves.toMatchObject({ status: 'succeeded' })
})

test('an unknown fault is refused', async () => {
  const { control } = await startSandbox()
  await expect(control.fault({ kind: 'explode' })).rejects.toThrow('Invalid fault')
  await expect(control.fault({ kind: 'webhook_repeat' })).rejects.toThrow('count')
})

test('the sandbox closes while a request hangs', async () => {
  const { stripe, control, close } = await startSandbox()
  await control.fault({ kind: 'time_out', operation })
  const hanging = stripe.paymentIntents.create(payment).catch((error: unknown) => error)
  await expect.poll(() => control.waitingFaults(), { timeout: 10_000 }).toEqual([])
  await close()
  expect(await hanging).toBeInstanceOf(Stripe.errors.StripeConnectionError)
})

test('faults can be taken back, and only with the secret key', async () => {
  const { baseUrl, control } = await startSandbox()
  await control.fault({ kind: 'rate_limit', times: 100 })
  expect((await fetch(`${baseUrl}/sandbox/faults`, { method: 'DELETE' })).status).toBe(401)
  expect(await control.waitingFaults()).toHaveLength(1)
  await control.clearFaults()
  expect(await control.waitingFaults()).toEqual([])
})
