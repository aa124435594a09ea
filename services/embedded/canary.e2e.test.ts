import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UserId } from '#domain/kernel/ids.ts'
import { createEngine } from '#services/kit/redis/engine.ts'
import { z } from 'zod'
import { clientSecretOf, enrollmentWithStatus, payAtProvider, publishCourse, requestSeat } from './testing/courses.ts'
import { makePerson, type Person, readMailedToken, signIn, verifyEmail } from './testing/people.ts'
import { startTestPlatform, type TestPlatform } from './testing/platform.ts'
import { HostConfig, loadConfig } from '#services/kit/config.ts'
import { openTracing, type Tracing } from '#services/kit/tracing.ts'
import { tablesHolding } from './testing/personal-data.ts'
import { eventually } from './testing/poll.ts'
import { type SpanCollector, startSpanCollector } from './testing/span-collector.ts'
import { recordingRedis } from './testing/recording-redis.ts'

/** Texts that occur nowhere else; one person brings them along through the whole journey. */
const mark = randomBytes(8).toString('hex')
const CANARY = {
  email: `canary-${mark}@example.org`,
  password: `canary-secret-${mark}`,
  displayName: `Canary Bird ${mark}`,
  bio: `Sings about ${mark} at dawn.`,
}

const log: string[] = []
const redis: string[] = []
const messages: string[] = []
const secretTexts: string[] = []

let platform: TestPlatform
let collector: SpanCollector
let tracing: Tracing | undefined
let person: Person

const registerCanary = async (): Promise<Person> => {
  const { client } = platform
  const { email, password, displayName } = CANARY
  const body = { email, password, displayName, locale: 'en', timezone: 'Europe/Berlin' }
  const { userId } = await client.expect(201, z.object({ userId: UserId }), 'POST', '/v1/users', { body })
  const token = await readMailedToken(platform, email)
  secretTexts.push(token)
  await verifyEmail(platform, token)
  return signIn(platform, { userId, email, password })
}

const writeProfile = async ({ token }: Person): Promise<void> => {
  const { displayName, bio } = CANARY
  const body = { displayName, bio, locale: 'en', timezone: 'Europe/Berlin', slug: null }
  const path = '/v1/users/me/profile'
  const { headers } = await platform.client.call('GET', path, { token })
  const ifMatch = headers.get('etag') ?? undefined
  await platform.client.expect(200, z.unknown(), 'PUT', path, { token, body, ifMatch })
}

const enrollAndPay = async (learner: Person): Promise<void> => {
  const tutor = await makePerson(platform, 'learner', 'tutor')
  const price = { amount: 4900, currency: 'EUR' } as const
  const course = await publishCourse(platform, tutor, { title: 'Birds', price, capacity: 2 })
  const enrollment = await requestSeat(platform, learner, course)
  const secret = await clientSecretOf(platform, learner, enrollment)
  secretTexts.push(secret)
  await payAtProvider(platform, secret)
  await enrollmentWithStatus(platform, learner, enrollment, 'ACTIVE')
}

/** What people do wrong: their values arrive where nothing expects them. */
const makeMistakes = async ({ token }: Person): Promise<void> => {
  const { client } = platform
  const { email, password, displayName } = CANARY
  await client.call('POST', '/v1/auth/login', { body: { email, password: `${password}-wrong` } })
  await client.call('POST', '/v1/auth/login', { body: { email: password, password: email } })
  await client.call('POST', '/v1/users', { body: { email, password, displayName, locale: 'en', timezone: 'UTC' } })
  await client.call('POST', '/v1/courses', { token, body: { [email]: displayName } })
  await client.call('GET', `/v1/users/me?email=${encodeURIComponent(email)}`, { token })
  await client.call('GET', '/v1/users/me', { token: `${token}x` })
  await client.call('GET', '/v1/users/me', { token, headers: { 'x-correlation-id': email } })
  for (const path of [`/v1/users/${encodeURIComponent(email)}`, `/v1/users/${email}`, `/v1/no-such/${email}`])
    await client.call('GET', path, { token })
}

beforeAll(async () => {
  const record = (text: string) => redis.push(text)
  collector = await startSpanCollector()
  tracing = await openTracing(loadConfig(HostConfig, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }), console)
  platform = await startTestPlatform({
    ...(tracing && { tracing }),
    log: (line) => log.push(line),
    redis: recordingRedis(createEngine({ now: () => Date.now() }), record),
    transport: {
      disturb: ({ body }) => {
        messages.push(body)
        return { copies: 1 }
      },
    },
  })
  person = await registerCanary()
  secretTexts.push(person.token, person.refreshToken)
  await writeProfile(person)
  await enrollAndPay(person)
  await makeMistakes(person)
})
afterAll(async () => {
  await platform.stop()
  await tracing?.close()
  await collector.close()
})

const personal = (): string[] => [
  ...Object.values(CANARY),
  CANARY.email.toUpperCase(),
  encodeURIComponent(CANARY.email),
]

/** The texts that hold one of the values. */
const holding = (texts: readonly string[], values: readonly string[]): string[] =>
  texts.filter((text) => values.some((value) => text.includes(value)))

describe('what a person brings along', () => {
  test('went through all that is looked at', () => {
    expect(log.length).toBeGreaterThan(20)
    expect(redis.length).toBeGreaterThan(20)
    expect(messages.length).toBeGreaterThan(10)
    expect(messages.join('\n')).toContain(person.userId)
  })

  test('stands in no line of the log, nor does any token', () => {
    expect(holding(log, [...personal(), ...secretTexts])).toEqual([])
  })

  test('stands in no message, event or reply', () => {
    expect(holding(messages, [...personal(), ...secretTexts])).toEqual([])
  })

  test('stands in no span of a trace', async () => {
    const isExported = async () => collector.spans.some(({ name }) => name === 'process course.student_enrolled')
    await eventually('the last spans', isExported)
    expect(collector.bodies.join('\n')).toContain('process payment.completed')
    expect(holding(collector.bodies, [...personal(), ...secretTexts])).toEqual([])
  })

  test('stands in no key and no value of Redis', () => {
    expect(holding(redis, [...personal(), ...secretTexts])).toEqual([])
  })

  test('stands in no metric', async () => {
    const metrics = await (await fetch(`${platform.client.baseUrl}/metrics`)).text()
    expect(holding(metrics.split('\n'), [...personal(), person.userId])).toEqual([])
  })

  test('stands in the tables that are made for it, and in no other', async () => {
    expect(await tablesHolding(platform.databaseUrl, [CANARY.email])).toEqual([
      'user.dev_mailbox',
      'user.one_time_tokens',
      'user.users',
    ])
    expect(await tablesHolding(platform.databaseUrl, [CANARY.displayName, CANARY.bio])).toEqual([
      'user.dev_mailbox',
      'user.user_profiles',
    ])
    expect(await tablesHolding(platform.databaseUrl, [CANARY.password])).toEqual([])
  })

  test('leaves its tokens in no table, but for the mail and the notices of the provider as they came', async () => {
    const [mailed = '', clientSecret = '', ...tokens] = [secretTexts[0], secretTexts[3], ...secretTexts.slice(1, 3)]
    expect(await tablesHolding(platform.databaseUrl, [mailed])).toEqual(['user.dev_mailbox'])
    expect(await tablesHolding(platform.databaseUrl, [clientSecret])).toEqual(['payment.provider_events'])
    expect(
      await tablesHolding(
        platform.databaseUrl,
        tokens.flatMap((token) => token ?? []),
      ),
    ).toEqual([])
  })

  test('does not reach the payment provider', async () => {
    const files = (await readdir(platform.directory)).filter((name) => name.startsWith('sandbox.sqlite'))
    expect(files.length).toBeGreaterThan(0)
    const contents = await Promise.all(files.map((name) => readFile(join(platform.directory, name), 'latin1')))
    expect(holding(contents, personal())).toEqual([])
  })
})

describe('the log', () => {
  test('is JSON line by line, whatever was sent', () => {
    for (const line of log) expect(() => z.looseObject({ level: z.string() }).parse(JSON.parse(line))).not.toThrow()
  })
})
