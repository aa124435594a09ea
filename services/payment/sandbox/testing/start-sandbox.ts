import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import Stripe from 'stripe'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import type { SandboxOptions } from '../options.ts'
import { createSandbox } from '../sandbox.ts'

export const apiKey = 'sk_test_secret'
export const publishableKey = 'pk_test_sandbox'
export const webhookSecret = 'whsec_test'

export const stripeClient = (
  port: number,
  options: { key?: string; maxNetworkRetries?: number; timeout?: number } = {},
) =>
  new Stripe(options.key ?? apiKey, {
    host: '127.0.0.1',
    port,
    protocol: 'http',
    telemetry: false,
    timeout: options.timeout ?? 10_000,
    maxNetworkRetries: options.maxNetworkRetries ?? 0,
  })

const Ledger = z.object({
  payment_intents: z.array(z.object({ id: z.string(), status: z.string() })),
  charges: z.array(
    z.object({
      payment_intent: z.string(),
      status: z.string(),
      amount_captured: z.int(),
      currency: z.string(),
      metadata: z.record(z.string(), z.string()),
    }),
  ),
  refunds: z.array(
    z.object({
      id: z.string(),
      payment_intent: z.string(),
      status: z.string(),
      amount: z.int(),
      currency: z.string(),
    }),
  ),
  disputes: z.array(z.object({ id: z.string(), payment_intent: z.string(), status: z.string(), amount: z.int() })),
  transfers: z.array(
    z.object({ id: z.string(), destination: z.string(), amount: z.int(), metadata: z.record(z.string(), z.string()) }),
  ),
  totals: z.record(z.string(), z.object({ captured: z.int(), refunded: z.int(), net: z.int() })),
})

/** The sandbox's own doors, as a test calls them with the secret key. */
export const control = (baseUrl: string, key = apiKey) => {
  const call = async (method: string, path: string, body?: string): Promise<Response> =>
    fetch(`${baseUrl}/sandbox${path}`, { method, body, headers: { authorization: `Bearer ${key}` } })
  return {
    fault: async (fault: object): Promise<void> => {
      const response = await call('POST', '/faults', JSON.stringify(fault))
      if (response.status !== 201) throw new Error(await response.text())
    },
    moveClock: async (aheadMs: number): Promise<void> => {
      const response = await call('POST', '/clock', JSON.stringify({ aheadMs }))
      if (response.status !== 204) throw new Error(await response.text())
    },
    clearFaults: () => call('DELETE', '/faults'),
    post: (path: string, form: Record<string, string> = {}) => call('POST', path, new URLSearchParams(form).toString()),
    waitingFaults: async () =>
      z.object({ data: z.array(z.unknown()) }).parse(await (await call('GET', '/faults')).json()).data,
    ledger: async () => Ledger.parse(await (await call('GET', '/ledger')).json()),
    webhooks: async () =>
      z
        .object({ pending: z.int(), delivered: z.int(), dropped: z.int() })
        .parse(await (await call('GET', '/webhooks')).json()),
  }
}

export interface ReceivedWebhook {
  body: string
  signature: string
  event: { id: string; type: string }
}

/** Collects webhooks; the first `refusals` of them are answered with 500. */
export const receiveWebhooks = async ({ refusals = 0 }: { refusals?: number } = {}) => {
  const received: ReceivedWebhook[] = []
  const state = { refusals }
  const receive = async (request: IncomingMessage): Promise<number> => {
    const body = await text(request)
    if (state.refusals > 0) {
      state.refusals -= 1
      return 500
    }
    const event = z.object({ id: z.string(), type: z.string() }).parse(JSON.parse(body))
    received.push({ body, signature: String(request.headers['stripe-signature']), event })
    return 200
  }
  const server = createServer((request, response) => {
    receive(request).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    received,
    url: `http://127.0.0.1:${address.port}/webhooks`,
    types: () => received.map(({ event }) => event.type),
  }
}

export const startSandbox = async (options: Partial<SandboxOptions> = {}) => {
  const sandbox = createSandbox({ database: ':memory:', apiKey, webhookSecret, webhookRetryBaseMs: 20, ...options })
  const { port, baseUrl } = await sandbox.listen(0)
  onTestFinished(() => sandbox.close())
  return { port, baseUrl, close: () => sandbox.close(), stripe: stripeClient(port), control: control(baseUrl) }
}
