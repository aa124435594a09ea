import { afterEach, describe, expect, test } from 'vitest'
import { readArguments } from './arguments.ts'
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

const bus = async (...argv: string[]) => {
  const read = readArguments(argv)
  if (read.kind !== 'dlq') throw new Error(read.kind === 'wrong' ? read.message : read.kind)
  const out: string[] = []
  const errors: string[] = []
  const terminal = { out: (line: string) => void out.push(line), error: (line: string) => void errors.push(line) }
  const code = await runDeadLetters(read.options, { terminal, wait: async () => {} })
  return { code, out, errors }
}

const asAdmin = (url: string) => ['--url', url, '--email', admin.email, '--password', admin.password]

describe('dlq', () => {
  test('ls shows the dead letters of all services and pages in one table, oldest first', async () => {
    platform = await startFakePlatform([...three(), letter('d', 'payment/requests', 4)])
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
    platform = await startFakePlatform([letter('d', 'payment/requests', 4)])
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
    platform = await startFakePlatform([...three(), letter('d', 'payment/requests', 4, true)])
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
    platform = await startFakePlatform([...three(), letter('d', 'payment/requests', 4)])
    expect((await bus('dlq', 'drop', 'd', ...asAdmin(platform.url))).out).toEqual(['d: dropped'])
    expect((await bus('dlq', 'redrive', '--all', ...asAdmin(platform.url))).code).toBe(0)
    expect(platform.redriven).toEqual(['a', 'b', 'c'])
    const after = await bus('dlq', 'redrive', '--all', ...asAdmin(platform.url))
    expect(after).toEqual({ code: 0, out: ['There are no dead letters.'], errors: [] })
  })

  test('says what is wrong with the login, the address or the data directory', async () => {
    platform = await startFakePlatform([])
    const wrong = await bus('dlq', 'ls', '--url', platform.url, '--email', 'x@example.org', '--password', 'y')
    expect(wrong).toMatchObject({ code: 1, errors: ['The platform does not accept the login of x@example.org.'] })
    const nobody = await bus('dlq', 'ls', ...asAdmin('http://127.0.0.1:1'))
    expect(nobody.errors.join()).toContain('No platform answers at http://127.0.0.1:1.')
    const noLogin = await bus('dlq', 'ls', '--url', platform.url, '--data', '/nonexistent')
    expect(noLogin.errors.join()).toContain("No administrator's login")
  })
})

test.each([
  [[], 'Say what to look after: dlq.'],
  [['queue'], 'There is no "queue" here, only dlq.'],
  [['dlq'], 'Say what to do: ls, show, redrive or drop.'],
  [['dlq', 'purge'], 'dlq cannot "purge"; it can ls, show, redrive and drop.'],
  [['dlq', 'show'], 'Name the one dead letter to show.'],
  [['dlq', 'redrive'], 'Name the dead letters to redrive, or say --all.'],
  [['dlq', 'redrive', 'a', '--all'], 'Name dead letters or say --all, not both.'],
  [['dlq', 'drop', '--all'], '--all belongs to redrive.'],
  [['dlq', 'ls', '--service', 'none'], 'There is no service "none".'],
  [['dlq', 'ls', '--url', 'ftp://x'], '--url ftp://x is not an http or https address.'],
  [['dlq', 'ls', '--email', 'a@example.org'], '--email and --password belong together.'],
])('%j is refused: %s', (argv, message) => {
  expect(readArguments(argv)).toEqual({ kind: 'wrong', message })
})
