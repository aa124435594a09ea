import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { publishableKey, startSandbox, stripeClient } from '../testing/start-sandbox.ts'

const course = { amount: 4900, currency: 'eur', metadata: { paymentId: 'pay_1' } }

describe('a payment by card', () => {
  test('is created, confirmed and captured', async () => {
    const { stripe, control } = await startSandbox()
    const created = await stripe.paymentIntents.create({ ...course, automatic_payment_methods: { enabled: true } })
    expect(created).toMatchObject({ status: 'requires_payment_method', amount_received: 0, metadata: course.metadata })

    const confirmed = await stripe.paymentIntents.confirm(created.id, {
      payment_method: 'pm_card_visa',
      expand: ['latest_charge'],
    })
    expect(confirmed).toMatchObject({
      status: 'succeeded',
      amount_received: 4900,
      latest_charge: { status: 'succeeded', amount_captured: 4900, metadata: course.metadata },
    })
    expect(await control.ledger()).toMatchObject({
      charges: [{ payment_intent: created.id, amount_captured: 4900, metadata: course.metadata }],
      totals: { eur: { captured: 4900, refunded: 0, net: 4900 } },
    })
  })

  test('is confirmed by its payer with the publishable key and the client secret, and shows no metadata', async () => {
    const { stripe, port } = await startSandbox()
    const { id, client_secret } = await stripe.paymentIntents.create(course)
    const payer = stripeClient(port, { key: publishableKey })
    const confirmed = await payer.rawRequest('POST', `/v1/payment_intents/${id}/confirm`, {
      client_secret,
      payment_method: 'pm_card_visa',
    })
    expect(confirmed).toMatchObject({ status: 'succeeded' })
    expect(confirmed).not.toHaveProperty('metadata')
  })

  test('cannot be confirmed with the publishable key alone or with the secret of another intent', async () => {
    const { stripe, port } = await startSandbox()
    const [mine, other] = [await stripe.paymentIntents.create(course), await stripe.paymentIntents.create(course)]
    const payer = stripeClient(port, { key: publishableKey })
    await expect(payer.paymentIntents.confirm(mine.id)).rejects.toMatchObject({ code: 'parameter_missing' })
    await expect(
      payer.rawRequest('POST', `/v1/payment_intents/${mine.id}/confirm`, { client_secret: other.client_secret }),
    ).rejects.toMatchObject({ code: 'payment_intent_invalid_parameter' })
    await expect(payer.paymentIntents.create(course)).rejects.toMatchObject({ code: 'secret_key_required' })
  })

  test('that is declined can be tried again with another card', async () => {
    const { stripe } = await startSandbox()
    const { id } = await stripe.paymentIntents.create(course)
    const declined = stripe.paymentIntents.confirm(id, {
      payment_method: 'pm_card_visa_chargeDeclinedInsufficientFunds',
    })
    await expect(declined).rejects.toBeInstanceOf(Stripe.errors.StripeCardError)
    await expect(declined).rejects.toMatchObject({
      statusCode: 402,
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      payment_intent: { id, status: 'requires_payment_method', last_payment_error: { code: 'card_declined' } },
    })
    const second = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' })
    expect(second).toMatchObject({ status: 'succeeded', last_payment_error: null })
  })

  test('cannot be confirmed twice', async () => {
    const { stripe, control } = await startSandbox()
    const paid = await stripe.paymentIntents.create({ ...course, payment_method: 'pm_card_visa', confirm: true })
    await expect(stripe.paymentIntents.confirm(paid.id, { payment_method: 'pm_card_visa' })).rejects.toMatchObject({
      code: 'payment_intent_unexpected_state',
      payment_intent: { id: paid.id, status: 'succeeded' },
    })
    expect((await control.ledger()).charges).toHaveLength(1)
  })
})

describe('3D Secure', () => {
  test('asks the payer to act, and the payment goes on by itself afterwards', async () => {
    const { stripe, control } = await startSandbox()
    const { id } = await stripe.paymentIntents.create(course)
    const waiting = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_authenticationRequired' })
    expect(waiting).toMatchObject({ status: 'requires_action', next_action: { type: 'use_stripe_sdk' } })
    expect((await control.post(`/payment_intents/${id}/authenticate`)).status).toBe(200)
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({ status: 'succeeded', next_action: null })
  })

  test('waits for a second confirmation where the merchant confirms by hand', async () => {
    const { stripe, control } = await startSandbox()
    const { id } = await stripe.paymentIntents.create({
      ...course,
      confirmation_method: 'manual',
      confirm: true,
      payment_method: 'pm_card_authenticationRequired',
    })
    await control.post(`/payment_intents/${id}/authenticate`)
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({ status: 'requires_confirmation' })
    expect(await stripe.paymentIntents.confirm(id)).toMatchObject({ status: 'succeeded' })
  })

  test('that fails takes no money', async () => {
    const { stripe, control } = await startSandbox()
    const { id } = await stripe.paymentIntents.create(course)
    await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_threeDSecure2Required' })
    await control.post(`/payment_intents/${id}/authenticate`, { outcome: 'failure' })
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    })
    expect((await control.ledger()).charges).toEqual([])
  })
})

describe('a payment by bank account', () => {
  test.each([
    ['pm_usBankAccount_success', 'succeeded'],
    ['pm_usBankAccount_insufficientFunds', 'requires_payment_method'],
  ])('%s stays in processing until it settles as %s', async (payment_method, settled) => {
    const { stripe, control } = await startSandbox()
    const { id } = await stripe.paymentIntents.create({ ...course, currency: 'usd' })
    expect(await stripe.paymentIntents.confirm(id, { payment_method })).toMatchObject({ status: 'processing' })
    await control.post(`/payment_intents/${id}/settle`)
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({ status: settled })
  })
})

describe('cancelling', () => {
  test('ends an intent that is not paid, for good', async () => {
    const { stripe } = await startSandbox()
    const { id } = await stripe.paymentIntents.create(course)
    const canceled = await stripe.paymentIntents.cancel(id, { cancellation_reason: 'abandoned' })
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' })
    await expect(stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' })).rejects.toMatchObject({
      code: 'payment_intent_unexpected_state',
    })
  })

  test('is refused once the money is taken, and the error carries the intent', async () => {
    const { stripe } = await startSandbox()
    const { id } = await stripe.paymentIntents.create({ ...course, payment_method: 'pm_card_visa', confirm: true })
    await expect(stripe.paymentIntents.cancel(id)).rejects.toMatchObject({
      statusCode: 400,
      code: 'payment_intent_unexpected_state',
      payment_intent: { id, status: 'succeeded', amount_received: 4900 },
    })
  })
})

describe('refused requests', () => {
  test.each([
    ['an amount below the minimum', { amount: 49, currency: 'eur' }, 'amount_too_small'],
    ['an amount above eight digits', { amount: 100_000_000, currency: 'eur' }, 'amount_too_large'],
    ['a fraction of a minor unit', { amount: 10.5, currency: 'eur' }, 'parameter_invalid_integer'],
    ['a negative amount', { amount: -100, currency: 'eur' }, 'parameter_invalid_integer'],
    ['an unknown currency', { amount: 100, currency: 'zzz' }, undefined],
    ['three decimals where Stripe takes two', { amount: 1234, currency: 'kwd' }, undefined],
  ])('%s', async (_name, parameters, code) => {
    const { stripe } = await startSandbox()
    await expect(stripe.paymentIntents.create(parameters)).rejects.toMatchObject({ statusCode: 400, code })
  })

  test('a missing or unknown parameter is named', async () => {
    const { stripe } = await startSandbox()
    await expect(stripe.rawRequest('POST', '/v1/payment_intents', { amount: 100 })).rejects.toMatchObject({
      code: 'parameter_missing',
      param: 'currency',
    })
    await expect(stripe.rawRequest('POST', '/v1/payment_intents', { ...course, amonut: 1 })).rejects.toMatchObject({
      code: 'parameter_unknown',
      param: 'amonut',
    })
  })

  test('a wrong key, an unknown intent, an unknown address', async () => {
    const { stripe, port } = await startSandbox()
    await expect(stripeClient(port, { key: 'sk_test_wrong' }).paymentIntents.create(course)).rejects.toMatchObject({
      statusCode: 401,
    })
    await expect(stripe.paymentIntents.retrieve('pi_none')).rejects.toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    })
    await expect(stripe.customers.list()).rejects.toMatchObject({ statusCode: 404 })
  })
})

test('currencies keep their own minor units: zero, two and three decimals', async () => {
  const { stripe } = await startSandbox()
  for (const [currency, amount] of [
    ['jpy', 4900],
    ['eur', 4900],
    ['kwd', 4900],
  ] as const) {
    const paid = await stripe.paymentIntents.create({ amount, currency, payment_method: 'pm_card_visa', confirm: true })
    expect(paid).toMatchObject({ amount_received: 4900, currency })
  }
})

test('lists page through every intent, newest first, within a time', async () => {
  let seconds = 1_000
  const { stripe } = await startSandbox({ now: () => seconds * 1000 })
  const ids: string[] = []
  for (seconds = 1_000; seconds < 1_005; seconds += 1) ids.unshift((await stripe.paymentIntents.create(course)).id)

  const paged = await stripe.paymentIntents.list({ limit: 2 }).autoPagingToArray({ limit: 100 })
  expect(paged.map(({ id }) => id)).toEqual(ids)
  const within = await stripe.paymentIntents.list({ created: { gt: 1_000, lte: 1_003 } })
  expect(within.data.map(({ id }) => id)).toEqual(ids.slice(1, 4))
  expect(within.has_more).toBe(false)
  const before = await stripe.paymentIntents.list({ ending_before: ids[3], limit: 2 })
  expect(before).toMatchObject({ data: [{ id: ids[1] }, { id: ids[2] }], has_more: true })
})

test('the first page of the sandbox shows how to pay with curl', async () => {
  const { baseUrl } = await startSandbox()
  const page = await (await fetch(baseUrl)).text()
  expect(page).toContain(`curl ${baseUrl}/v1/payment_intents/pi_.../confirm`)
  expect(page).toContain(`-u ${publishableKey}:`)
})
