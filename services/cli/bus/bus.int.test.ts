import { afterEach, describe, expect, test } from 'vitest'
import type { DeadLetterQueue, DeadMessage } from '#bus/transports/aws/dead-letter-queue.ts'
import { ClientFailure } from '../client/client-failure.ts'
import { readArguments } from './arguments.ts'
import { type DeadQueues, queuedLetter } from './dead-queues.ts'
import { admin, startFakePlatform } from './fake-platform.ts'
import { runDeadLetters } from './run-dead-letters.ts'

let platform: Awaited<ReturnType<typeof startFakePlatform>> | undefined
afterEach(async () => {
  await platform?.close()
  platform = undefined
})

const letter = (deadLetterId: string, consumer: string, hour: number, stubborn = false) => ({
  deadLetterId,
  consumer,
  failedAt: `2026-03-01T0${hour}:00:00.000Z`,
  stubborn,
})

const three = () => [
  letter('a', 'learning/catalog', 3),
  letter('b', 'learning/catalog', 1),
  letter('c', 'learning/requests', 2),
]

const bus = (...argv: string[]) => busWith(undefined, ...argv)

const busWith = async (queues: DeadQueues | undefined, ...argv: string[]) => {
  const read = readArguments(argv)
  if (read.kind !== 'dlq') throw new Error(read.kind === 'wrong' ? read.message : read.kind)
  const out: string[] = []
  const errors: string[] = []
  const terminal = { out: (line: string) => void out.push(line), error: (line: string) => void errors.push(line) }
  const code = await runDeadLetters(read.options, { terminal, wait: async () => {}, queues })
  return { code, out, errors }
}

const asAdmin = (url: string) => ['--url', url, '--email', admin.email, '--password', admin.password]

describe('dlq', () => {
  test('ls shows the dead letters of all services and pages in one table, oldest first', async () => {
    platform = await startFakePlatform({ letters: [...three(), letter('d', 'payment/requests', 4)] })
    const { code, out } = await bus('dlq', 'ls', ...asAdmin(platform.url))
    expect(code).toBe(0)
    expect(out).toEqual([
      'ID  CONSUMER           TYPE              FAILED                    REASON',
      'b   learning/catalog   course.published  2026-03-01T01:00:00.000Z  Error:[31m too loud',
      'c   learning/requests  course.published  2026-03-01T02:00:00.000Z  Error:[31m too loud',
      'a   learning/catalog   course.published  2026-03-01T03:00:00.000Z  Error:[31m too loud',
      'd   payment/requests   course.published  2026-03-01T04:00:00.000Z  Error:[31m too loud',
    ])
    const ofPayment = await bus('dlq', 'ls', '--service', 'payment', ...asAdmin(platform.url))
    expect(ofPayment.out).toHaveLength(2)
  })

  test('show prints one with its envelope, whoever has it', async () => {
    platform = await startFakePlatform({ letters: [letter('d', 'payment/requests', 4)] })
    const { code, out } = await bus('dlq', 'show', 'd', ...asAdmin(platform.url))
    expect(code).toBe(0)
    expect(out.join('\n')).toContain('consumer      payment/requests')
    expect(out.join('\n')).toContain('"courseId": "crs_1"')
    expect(await bus('dlq', 'show', 'x', ...asAdmin(platform.url))).toMatchObject({
      code: 1,
      errors: ['x: there is no such dead letter'],
    })
  })

  test('redrive says what was taken and what was kept', async () => {
    platform = await startFakePlatform({ letters: [...three(), letter('d', 'payment/requests', 4, true)] })
    const { code, out, errors } = await bus('dlq', 'redrive', 'a', 'd', 'x', ...asAdmin(platform.url))
    expect(code).toBe(1)
    expect(out).toEqual(['a: redriven'])
    expect(errors).toEqual([
      'd: not redriven: 409 REDRIVE_FAILED Still too loud.',
      'x: not redriven: there is no such dead letter',
    ])
    expect(platform.redriven).toEqual(['a'])
  })

  test('redrive --all takes everything, drop one by one', async () => {
    platform = await startFakePlatform({ letters: [...three(), letter('d', 'payment/requests', 4)] })
    expect((await bus('dlq', 'drop', 'd', ...asAdmin(platform.url))).out).toEqual(['d: dropped'])
    expect((await bus('dlq', 'redrive', '--all', ...asAdmin(platform.url))).code).toBe(0)
    expect(platform.redriven).toEqual(['a', 'b', 'c'])
    const after = await bus('dlq', 'redrive', '--all', ...asAdmin(platform.url))
    expect(after).toEqual({ code: 0, out: ['There are no dead letters.'], errors: [] })
  })

  test('says what is wrong with the login, the address or the data directory', async () => {
    platform = await startFakePlatform()
    const wrong = await bus('dlq', 'ls', '--url', platform.url, '--email', 'x@example.org', '--password', 'y')
    expect(wrong).toMatchObject({ code: 1, errors: ['The platform does not accept the login of x@example.org.'] })
    const nobody = await bus('dlq', 'ls', ...asAdmin('http://127.0.0.1:1'))
    expect(nobody.errors.join()).toContain('No platform answers at http://127.0.0.1:1.')
    const noLogin = await bus('dlq', 'ls', '--url', platform.url, '--data', '/nonexistent')
    expect(noLogin.errors.join()).toContain("No administrator's login")
  })
})

/** A deployment with two dead-letter queues, one of which holds what it is given. */
const deadQueues = (messages: DeadMessage[], moves = true) => {
  const gone: string[] = []
  const queue: DeadLetterQueue = {
    list: async () => messages,
    drop: async (id) => {
      const at = messages.findIndex(({ messageId }) => messageId === id)
      gone.push(...messages.splice(at, at < 0 ? 0 : 1).map(({ messageId }) => messageId))
      return at >= 0
    },
    purge: async () => void messages.splice(0),
    redrive: async () => {
      if (!moves) throw new ClientFailure('This queue service does not know how to move messages.')
    },
    lastMove: async () => ({ status: 'COMPLETED', moved: messages.splice(0).length, failure: undefined }),
  }
  const queues: DeadQueues = {
    names: ['edtech-user-cmd-dlq', 'edtech-learning-evt-dlq'],
    ofServices: async (services) =>
      services.includes('learning')
        ? messages.map((message) => queuedLetter('learning', 'edtech-learning-evt-dlq', message))
        : [],
    open: () => queue,
  }
  return { queues, gone }
}

const killer = () => ({
  messageId: 'q1',
  sentAt: '2026-03-01T02:30:00.000Z',
  reason: 'its consumer died of it',
  body: '{"type":"course.archived"}',
})

describe('dlq with the queue service', () => {
  const ofQueue = ['--queue', 'edtech-learning-evt-dlq']

  test('ls shows what lies in its dead-letter queues among the rest, and show prints one', async () => {
    platform = await startFakePlatform({ letters: three() })
    const { queues } = deadQueues([killer()])
    const { out } = await busWith(queues, 'dlq', 'ls', ...asAdmin(platform.url))
    expect(out.map((line) => line.split(/ +/).slice(0, 2))).toEqual([
      ['ID', 'CONSUMER'],
      ['b', 'learning/catalog'],
      ['c', 'learning/requests'],
      ['q1', 'edtech-learning-evt-dlq'],
      ['a', 'learning/catalog'],
    ])
    const shown = await busWith(queues, 'dlq', 'show', 'q1', ...asAdmin(platform.url))
    expect(shown.out.join('\n')).toContain('"type": "course.archived"')
    const ofUser = await busWith(queues, 'dlq', 'ls', '--service', 'user', ...asAdmin(platform.url))
    expect(ofUser.out).toEqual(['There are no dead letters.'])
  })

  test('drop finds one in a queue; redrive says that a queue is moved as a whole', async () => {
    platform = await startFakePlatform()
    const { queues, gone } = deadQueues([killer()])
    expect(await busWith(queues, 'dlq', 'redrive', 'q1', ...asAdmin(platform.url))).toMatchObject({
      code: 1,
      errors: [
        'q1: not redriven: the queue service moves whole queues: dlq redrive --all --queue edtech-learning-evt-dlq',
      ],
    })
    expect((await busWith(queues, 'dlq', 'drop', 'q1', ...asAdmin(platform.url))).out).toEqual(['q1: dropped'])
    expect(gone).toEqual(['q1'])
  })

  test('--queue asks no platform: ls, show, drop and redrive of that queue', async () => {
    const { queues } = deadQueues([killer(), { ...killer(), messageId: 'q2' }])
    expect((await busWith(queues, 'dlq', 'ls', ...ofQueue)).out).toHaveLength(3)
    expect((await busWith(queues, 'dlq', 'show', 'q9', ...ofQueue)).code).toBe(1)
    expect(await busWith(queues, 'dlq', 'drop', 'q2', 'q9', ...ofQueue)).toEqual({
      code: 1,
      out: ['q2: dropped'],
      errors: ['q9: not dropped: there is no such dead letter in edtech-learning-evt-dlq'],
    })
    expect((await busWith(queues, 'dlq', 'redrive', '--all', ...ofQueue)).out).toEqual([
      'edtech-learning-evt-dlq: 1 redriven to where they came from',
    ])
  })

  test('--all empties a queue', async () => {
    const { queues } = deadQueues([killer()])
    expect((await busWith(queues, 'dlq', 'drop', '--all', ...ofQueue)).code).toBe(0)
    expect((await busWith(queues, 'dlq', 'ls', ...ofQueue)).out).toEqual(['There are no dead letters.'])
  })

  test('says what is missing: AWS, the queue, or a service that can move messages', async () => {
    expect((await bus('dlq', 'ls', ...ofQueue)).errors.join()).toContain('--queue needs AWS_ENDPOINT_URL')
    const { queues } = deadQueues([killer()], false)
    expect((await busWith(queues, 'dlq', 'ls', '--queue', 'other')).errors.join()).toContain(
      'There is no dead-letter queue "other"',
    )
    expect(await busWith(queues, 'dlq', 'redrive', '--all', ...ofQueue)).toMatchObject({
      code: 1,
      errors: ['This queue service does not know how to move messages.'],
    })
  })
})

test.each([
  [[], 'Say what to do: topology, provision, doctor or dlq.'],
  [['queue'], 'There is no "queue" here, only topology, provision, doctor or dlq.'],
  [['doctor', 'now'], 'doctor takes no "now".'],
  [['doctor', '--mermaid'], '--mermaid belongs to topology.'],
  [['provision', '--functions'], '--functions belongs to topology and doctor.'],
  [['topology', '--all'], '--all belongs to dlq.'],
  [['dlq'], 'Say what to do: ls, show, redrive or drop.'],
  [['dlq', 'purge'], 'dlq cannot "purge"; it can ls, show, redrive and drop.'],
  [['dlq', 'show'], 'Name the one dead letter to show.'],
  [['dlq', 'redrive'], 'Name the dead letters to redrive, or say --all.'],
  [['dlq', 'redrive', 'a', '--all'], 'Name dead letters or say --all, not both.'],
  [['dlq', 'ls', '--all'], '--all belongs to redrive, and to drop of a queue.'],
  [['dlq', 'drop', '--all'], 'drop --all needs the --queue that is to be emptied.'],
  [['dlq', 'redrive', 'a', '--queue', 'q'], 'The queue service moves whole queues: say --all to redrive this one.'],
  [['dlq', 'ls', '--queue', 'q', '--service', 'user'], '--service and --queue exclude each other.'],
  [['dlq', 'ls', '--service', 'none'], 'There is no service "none".'],
  [['dlq', 'ls', '--url', 'ftp://x'], '--url ftp://x is not an http or https address.'],
  [['dlq', 'ls', '--email', 'a@example.org'], '--email and --password belong together.'],
])('%j is refused: %s', (argv, message) => {
  expect(readArguments(argv)).toEqual({ kind: 'wrong', message })
})
