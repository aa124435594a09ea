import { afterEach, describe, expect, test } from 'vitest'
import { openDeadLetterQueue } from '#bus/transports/aws/dead-letter-queue.ts'
import { removeProvisioned } from '#bus/transports/aws/provision.ts'
import { awsEndpoint, createTestClients, uniquePrefix } from '#bus/transports/aws/testing/emulator.ts'
import type { ConfigSource } from '#services/kit/config.ts'
import { readArguments } from './arguments.ts'
import { platformTopology } from './contracts.ts'
import { admin, healthyBus, startFakePlatform } from './fake-platform.ts'
import { runBus } from './run-bus.ts'

let platform: Awaited<ReturnType<typeof startFakePlatform>> | undefined
afterEach(async () => {
  await platform?.close()
  platform = undefined
})

/** Runs the command line in a given environment. */
const run = async (source: ConfigSource, ...argv: string[]) => {
  const read = readArguments(argv)
  if (read.kind === 'wrong' || read.kind === 'help') throw new Error(JSON.stringify(read))
  const out: string[] = []
  const errors: string[] = []
  const terminal = { out: (line: string) => void out.push(line), error: (line: string) => void errors.push(line) }
  const code = await runBus(read, { terminal, wait: async () => {}, source })
  return { code, out, errors, text: [...out, ...errors].join('\n') }
}

const doctor = (source: ConfigSource = {}) =>
  run(source, 'doctor', '--url', platform?.url ?? '', '--email', admin.email, '--password', admin.password)

describe('doctor', () => {
  test('says that all is well, and what it did not look at', async () => {
    platform = await startFakePlatform()
    const { code, out } = await doctor()
    expect(out).toEqual([
      'SERVICE   UNSENT  OLDEST  HELD KEYS  RELAYS     REPLY SLOTS  DEAD LETTERS',
      'user      0       -       0          session 7  -            0',
      'learning  0       -       0          session 7  -            0',
      'payment   0       -       0          session 7  -            0',
      '',
      'Queues and rules were not looked at: set AWS_ENDPOINT_URL or AWS_REGION where the platform has them.',
      'All is well.',
    ])
    expect(code).toBe(0)
  })

  test('finds a relay that stands still, held keys and leased slots, each with what to do', async () => {
    const until = '2026-03-01T12:10:00.000Z'
    const slots = [0, 1].map((slot) => ({ slot, epoch: 1, until }))
    platform = await startFakePlatform({
      bus: (service) =>
        service === 'learning'
          ? {
              ...healthyBus(),
              outbox: { rows: 3, oldestAt: '2026-03-01T11:50:00.000Z', heldKeys: 2 },
              heldKeys: [
                { key: 'crs_1', attempts: 12, until, reason: 'The event is too large.' },
                { key: 'crs_2', attempts: 1, until, reason: 'no answer' },
              ],
              relays: [{ session: 7, shards: 10 }],
              replySlots: slots,
            }
          : healthyBus(),
    })
    const { code, out, errors } = await doctor({ REPLY_SLOTS: '2' })
    expect(code).toBe(1)
    expect(out.filter((line) => line.startsWith('learning:'))).toEqual([
      'learning: nobody relays 6 of 16 shards of its outbox',
      'learning: 3 messages wait in its outbox, the oldest for 10 min',
      'learning: the key crs_1 failed 12 times, and is tried again in 10 min: The event is too large.',
      'learning: all of its 2 reply slots are leased',
    ])
    expect(out.filter((line) => line.startsWith('  help: '))).toHaveLength(4)
    expect(errors).toEqual(['4 things are wrong.'])
  })

  test('finds dead letters and sagas that need a person', async () => {
    platform = await startFakePlatform({
      letters: [{ deadLetterId: 'a', consumer: 'payment/requests', failedAt: '2026-03-01T01:00:00.000Z' }],
      stuck: [
        { sagaId: 'CourseEnrollment:enr_1', status: 'parked' },
        { sagaId: 'CourseEnrollment:enr_2', status: 'running' },
      ],
    })
    const { code, text } = await doctor()
    expect(code).toBe(1)
    expect(text).toContain('learning: 1 CourseEnrollment parked: CourseEnrollment:enr_1 at payment')
    expect(text).toContain('1 CourseEnrollment running and has not moved since its deadline: CourseEnrollment:enr_2')
    expect(text).toContain('payment: 1 dead letters of payment/requests, the oldest of 2026-03-01T01:00:00.000Z')
    expect(text).toContain('dlq ls --service payment')
  })

  test('goes on where one service does not answer', async () => {
    platform = await startFakePlatform({ bus: (service) => (service === 'user' ? undefined : healthyBus()) })
    const { code, out } = await doctor()
    expect(code).toBe(1)
    expect(out.join('\n')).toContain('user: it does not show where its messages stand: 500 INTERNAL')
    expect(out.join('\n')).toContain('payment   0')
  })
})

describe('topology', () => {
  test('is a table of queues and rules by the contracts alone', async () => {
    const { code, text } = await run({ QUEUE_PREFIX: 'shop', REPLY_SLOTS: '3' }, 'topology')
    expect(code).toBe(0)
    expect(text).toMatch(/^shop-user-evt +events +30 s +14 d +shop-user-evt-dlq after 15 receives$/m)
    expect(text).toMatch(/^shop-user-reply-0\.\.2 +replies /m)
    expect(text).toMatch(/^shop-learning-from-payment +edtech\.payment +shop-learning-evt +payment\.completed, /m)
  })

  test('is a diagram from publishers to services', async () => {
    const { out } = await run({}, 'topology', '--mermaid')
    expect(out[0]).toBe('flowchart LR')
    expect(out).toContain('  from_payment([payment]) --> bus{{"event bus edtech"}}')
    expect(out).toContain('  rule_edtech_learning_from_payment --> queue_edtech_learning_evt[("edtech-learning-evt")]')
    expect(out).toContain(
      '  from_learning([learning]) -- commands --> queue_edtech_payment_cmd[("edtech-payment-cmd")]',
    )
    expect(out).toContain('  queue_edtech_learning_evt[("edtech-learning-evt")] --> to_learning([learning])')
    const ends = out.flatMap((line) => (/^ {2}bus --> (\w+)/.exec(line) ?? []).slice(1))
    expect(new Set(ends).size).toBe(ends.length)
  })
})

describe('provision', () => {
  test.each([{}, { AWS_REGION: 'eu-west-1' }, { AWS_ENDPOINT_URL: 'https://sqs.eu-west-1.amazonaws.com' }])(
    'makes nothing without an emulator: %j',
    async (source: ConfigSource) => {
      const { code, text } = await run(source, 'provision')
      expect(code).toBe(1)
      expect(text).toContain('made by "npx sst deploy"')
    },
  )
})

describe.runIf(awsEndpoint)('with an emulator', () => {
  const prefix = uniquePrefix()
  const source = { AWS_ENDPOINT_URL: awsEndpoint ?? '', QUEUE_PREFIX: prefix, REPLY_SLOTS: '1' }
  const topology = platformTopology({ QUEUE_PREFIX: prefix, REPLY_SLOTS: 1 }, false)

  test('doctor finds what is missing, provision makes it, and a dead letter of a queue is found and dropped', async () => {
    const clients = createTestClients()
    try {
      platform = await startFakePlatform()
      const before = await doctor(source)
      expect(before.code).toBe(1)
      expect(before.text).toContain(`event bus ${prefix}: is missing`)
      expect(before.text).toContain('"npm run bus -- provision"')
      const made = await run(source, 'provision')
      expect([made.code, made.out.at(-1)]).toEqual([0, expect.stringContaining('1 event bus, 24 queues, 5 rules')])
      expect((await doctor(source)).out.at(-1)).toBe('All is well.')

      const queue = `${prefix}-user-cmd-dlq`
      const sqs = await clients.queues()
      await sqs.sendMessage({ QueueUrl: await clients.queueUrl(queue), MessageBody: '{"type":"user.deadly"}' })
      const after = await doctor(source)
      expect(after.text).toContain(`queue ${queue}: 1 messages that the queue service gave up`)
      const signIn = ['--url', platform.url, '--email', admin.email, '--password', admin.password]
      const listed = await run(source, 'dlq', 'ls', ...signIn)
      expect(listed.out[1]).toContain('user.deadly')
      const id = listed.out[1]?.split(' ')[0] ?? ''
      expect((await run(source, 'dlq', 'drop', id, ...signIn)).out).toEqual([`${id}: dropped`])
      expect(await openDeadLetterQueue(clients, queue).list()).toEqual([])
      const refused = await run(source, 'dlq', 'redrive', '--all', '--queue', queue)
      expect(refused).toMatchObject({ code: 1, text: expect.stringContaining('does not know how to move messages') })
    } finally {
      await removeProvisioned(clients, topology)
      clients.close()
    }
  })
})
