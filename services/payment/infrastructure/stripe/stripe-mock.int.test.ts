import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { systemClock } from '#domain/kernel/clock.ts'
import { COURSE, NOW, PAYMENT_ID } from '#domain/payment/fixtures.ts'
import type { PaymentProvider } from '#domain/payment/payment-provider.ts'
import { freePorts } from '#services/kit/testing/free-ports.ts'
import type Stripe from 'stripe'
import { z } from 'zod'
import { Charge, Dispute, PaymentIntent, Refund, Transfer } from '../../sandbox/stripe/objects.ts'
import { createStripeClient } from './client.ts'
import { createStripeProvider } from './provider.ts'

/** The program; CI installs it. It knows Stripe's own description of its API, and refuses what that does not name. */
const program = process.env['STRIPE_MOCK']

const PAYOUT = 'pyt_01950000-0000-7000-8000-000000000001'
const REFUND = 'rfn_01950000-0000-7000-8000-000000000001'
const money = { amount: 2_000, currency: 'USD' } as const
const since = '2026-01-01T00:00:00.000Z'

const drained = async (items: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of items) continue
}

describe.skipIf(program === undefined)("Stripe's own description of its API", () => {
  let process: ChildProcess
  let client: Stripe
  let provider: PaymentProvider
  let baseUrl: string
  beforeAll(async () => {
    const port = await freePorts(1)
    process = spawn(program ?? '', ['-http-port', String(port)], { stdio: 'ignore' })
    baseUrl = `http://127.0.0.1:${port}`
    await vi.waitFor(() => fetch(baseUrl), { timeout: 20_000, interval: 50 })
    client = createStripeClient({ secretKey: 'sk_test_123', baseUrl })
    provider = createStripeProvider(client, systemClock)
  })
  afterAll(async () => {
    process.kill()
    await once(process, 'exit')
  })

  const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
    [
      'an intent',
      () => provider.createIntent({ paymentId: PAYMENT_ID, purchase: COURSE, money, initiatedAt: systemClock.now() }),
    ],
    ['an intent as it is now', () => provider.getIntent('pi_1')],
    ['the intent of a payment', () => provider.findIntent({ paymentId: PAYMENT_ID, initiatedAt: NOW })],
    ['all intents', () => drained(provider.listIntents(since))],
    [
      'a refund',
      () => provider.createRefund({ refundId: REFUND, intentId: 'pi_1', money, requestedAt: systemClock.now() }),
    ],
    ['the refund of a payment', () => provider.findRefund({ refundId: REFUND, intentId: 'pi_1' })],
    ['all refunds', () => drained(provider.listRefunds(since))],
    ['a dispute', () => provider.findDispute('dp_1')],
    ['all disputes', () => drained(provider.listDisputes(since))],
    [
      'a payout',
      () => provider.sendPayout({ payoutId: PAYOUT, accountId: 'acct_1', money, scheduledAt: systemClock.now() }),
    ],
    ['the transfer of a payout', () => provider.findPayout(PAYOUT)],
    ['all transfers', () => drained(provider.listPayouts(since))],
    // What payers and staff do there, as the sandbox and its tests do it.
    ['a confirmation', () => client.paymentIntents.confirm('pi_1', { payment_method: 'pm_card_visa' })],
    ['a cancel', () => client.paymentIntents.cancel('pi_1')],
    ['evidence', () => client.disputes.update('dp_1', { evidence: { uncategorized_text: 'winning_evidence' } })],
    ['a dispute that is given up', () => client.disputes.close('dp_1')],
    ['a reversal', () => client.transfers.createReversal('tr_1', { amount: 100 })],
  ]

  test.each(calls)('takes the request for %s', async (_, call) => {
    await expect(call()).resolves.not.toMatchObject({ status: 'refused' })
  })

  test('refuses what it does not name', async () => {
    const parameters = { amount: 100, currency: 'usd', destination: 'acct_1', nonsense: '1' }
    await expect(client.rawRequest('POST', '/v1/transfers', parameters)).rejects.toMatchObject({ statusCode: 400 })
  })

  test('knows every field that the sandbox answers with', async () => {
    const Objects = z.record(z.string(), z.unknown())
    const paths = {
      'payment_intents/pi_1': PaymentIntent.omit({ authenticated: true }),
      'charges/ch_1': Charge,
      'refunds/re_1': Refund,
      'disputes/dp_1': Dispute,
      'transfers/tr_1': Transfer,
    }
    for (const [path, schema] of Object.entries(paths)) {
      const response = await fetch(`${baseUrl}/v1/${path}`, { headers: { authorization: 'Bearer sk_test_123' } })
      const known = Object.keys(Objects.parse(await response.json()))
      // Absent while there is nothing to tell.
      const required = Object.keys(schema.shape).filter((name) => name !== 'failure_reason')
      expect(known).toEqual(expect.arrayContaining(required))
    }
  })
})
