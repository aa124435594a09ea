import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test, vi } from 'vitest'
import { z } from 'zod'
import { apiKey, control, receiveWebhooks, stripeClient, webhookSecret } from './testing/start-sandbox.ts'

const Ready = z.object({ ready: z.literal(true), port: z.int(), baseUrl: z.string() })
const payment = { amount: 4900, currency: 'eur', payment_method: 'pm_card_visa', confirm: true }

const start = async (flags: string[]) => {
  const main = join(import.meta.dirname, 'main.ts')
  const child = spawn(process.execPath, [main, '--port', '0', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()
  const { port, baseUrl } = Ready.parse(JSON.parse(String(value)))
  return { child, stripe: stripeClient(port), control: control(baseUrl) }
}

const end = async (child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM') => {
  const exited = once(child, 'exit')
  child.kill(signal)
  return exited
}

const dataDirectory = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'payment-sandbox-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

test('a killed sandbox forgets nothing, and delivers what was still to be delivered', { timeout: 60_000 }, async () => {
  const webhooks = await receiveWebhooks()
  const keys = ['--api-key', apiKey, '--webhook-secret', webhookSecret]
  const database = ['--database', join(await dataDirectory(), 'sandbox.sqlite')]
  // Nobody listens there: every webhook of the first life stays pending.
  const first = await start([...keys, ...database, '--webhook-url', 'http://127.0.0.1:1/webhooks'])
  const paid = await first.stripe.paymentIntents.create(payment, { idempotencyKey: 'pay_1' })
  expect(await end(first.child, 'SIGKILL')).toEqual([null, 'SIGKILL'])

  const second = await start([...keys, ...database, '--webhook-url', webhooks.url])
  expect(await second.stripe.paymentIntents.retrieve(paid.id)).toMatchObject({ status: 'succeeded' })
  const replay = await second.stripe.paymentIntents.create(payment, { idempotencyKey: 'pay_1' })
  expect(replay).toEqual(paid)
  expect((await second.control.ledger()).totals).toMatchObject({ eur: { captured: 4900 } })
  await vi.waitFor(
    () =>
      expect(webhooks.types().sort()).toEqual([
        'charge.succeeded',
        'payment_intent.created',
        'payment_intent.succeeded',
      ]),
    { timeout: 20_000, interval: 50 },
  )
  expect(await end(second.child, 'SIGTERM')).toEqual([0, null])
})

test('a wrong flag stops the start with its name', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), '--port', '0', '--webhook-secret', ''])
  const errors: string[] = []
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()))
  expect(await once(child, 'close')).toEqual([1, null])
  expect(errors.join('')).toContain('--webhook-secret: must look like whsec_')
  expect(errors.join('')).toContain('--api-key')
})
