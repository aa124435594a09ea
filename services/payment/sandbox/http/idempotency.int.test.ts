import Stripe from 'stripe'
import { expect, test, vi } from 'vitest'
import { startSandbox, stripeClient } from '../testing/start-sandbox.ts'

const course = { amount: 4900, currency: 'eur', metadata: { paymentId: 'pay_1' } }

test('the same key and parameters give the first answer again', async () => {
  const { stripe } = await startSandbox()
  const first = await stripe.paymentIntents.create(course, { idempotencyKey: 'pay_1' })
  await stripe.paymentIntents.cancel(first.id)
  const replay = await stripe.paymentIntents.create(course, { idempotencyKey: 'pay_1' })
  expect(replay).toEqual(first)
  expect(replay.lastResponse.headers).toMatchObject({
    'idempotent-replayed': 'true',
    'original-request': first.lastResponse.requestId,
  })
  expect(first.lastResponse.headers).not.toHaveProperty('idempotent-replayed')
})

test('other parameters under the same key are an idempotency error', async () => {
  const { stripe } = await startSandbox()
  await stripe.paymentIntents.create(course, { idempotencyKey: 'pay_1' })
  const reused = stripe.paymentIntents.create({ ...course, amount: 5000 }, { idempotencyKey: 'pay_1' })
  await expect(reused).rejects.toBeInstanceOf(Stripe.errors.StripeIdempotencyError)
  await expect(reused).rejects.toMatchObject({ statusCode: 400, rawType: 'idempotency_error' })
})

test('a decline is stored, and answered again without a second charge', async () => {
  const { stripe, control } = await startSandbox()
  const { id } = await stripe.paymentIntents.create(course)
  const confirm = () =>
    stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa_chargeDeclined' }, { idempotencyKey: 'try_1' })
  await expect(confirm()).rejects.toMatchObject({ statusCode: 402 })
  await expect(confirm()).rejects.toMatchObject({ statusCode: 402, headers: { 'idempotent-replayed': 'true' } })
  expect((await control.ledger()).charges).toHaveLength(1)
})

test('a request that was refused before it was executed leaves its key free', async () => {
  const { stripe } = await startSandbox()
  await expect(
    stripe.paymentIntents.create({ ...course, amount: 1 }, { idempotencyKey: 'pay_1' }),
  ).rejects.toMatchObject({ code: 'amount_too_small' })
  await expect(stripe.paymentIntents.create(course, { idempotencyKey: 'pay_1' })).resolves.toMatchObject(course)
})

test('fifty parallel requests with one key make one intent', async () => {
  const { stripe, control } = await startSandbox()
  const answers = await Promise.all(
    Array.from({ length: 50 }, () =>
      stripe.paymentIntents.create(
        { ...course, payment_method: 'pm_card_visa', confirm: true },
        { idempotencyKey: 'pay_1' },
      ),
    ),
  )
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
  expect(answers.filter(({ lastResponse }) => !('idempotent-replayed' in lastResponse.headers))).toHaveLength(1)
  expect((await control.ledger()).totals).toMatchObject({ eur: { captured: 4900 } })
})

test('a key whose first request is still under way is a conflict', async () => {
  const { stripe, port, control } = await startSandbox()
  await control.fault({ kind: 'time_out', before: 'effect', operation: 'payment_intents.create' })
  const impatient = stripeClient(port, { timeout: 2_000 })
  const first = impatient.paymentIntents.create(course, { idempotencyKey: 'pay_1' }).catch((error: unknown) => error)
  const second = () => stripe.paymentIntents.create({ ...course }, { idempotencyKey: 'pay_1' })
  await vi.waitFor(() => expect(second()).rejects.toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' }), {
    timeout: 1_500,
  })
  expect(await first).toBeInstanceOf(Stripe.errors.StripeConnectionError)
  // The first client gave up before the effect, so the key is free again.
  await vi.waitFor(() => expect(second()).resolves.toMatchObject(course), { timeout: 5_000 })
  expect((await control.ledger()).payment_intents).toHaveLength(1)
})

test('a key is forgotten after a day, as Stripe may do', async () => {
  let now = Date.now()
  const { stripe } = await startSandbox({ now: () => now })
  const first = await stripe.paymentIntents.create(course, { idempotencyKey: 'pay_1' })
  now += 25 * 60 * 60 * 1000
  const later = await stripe.paymentIntents.create(course, { idempotencyKey: 'pay_1' })
  expect(later.id).not.toBe(first.id)
})
