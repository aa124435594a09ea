import { request as send } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MINUTE } from '#domain/kernel/clock.ts'
import { createEngine } from '#services/kit/redis/engine.ts'
import { type OutageRedis, withOutage } from '#services/kit/redis/testing/outage.ts'
import type { Answer, Call } from './testing/client.ts'
import { makePerson, type Person, signIn } from './testing/people.ts'
import { startTestPlatform, type TestPlatform } from './testing/platform.ts'
import { eventually } from './testing/poll.ts'

const LIMIT = 20

let platform: TestPlatform
let redis: OutageRedis
let person: Person
beforeAll(async () => {
  redis = withOutage(createEngine({ now: () => Date.now() }))
  platform = await startTestPlatform({ rateLimitPerMinute: LIMIT, redis })
  // A place of the quota returns every few seconds, and a test that waited for a busy machine would count one more.
  platform.clock.freeze()
  person = await makePerson(platform, 'learner')
})
afterAll(() => platform.stop())

const burst = (count: number, call: (at: number) => Promise<Answer>): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => call(at)))

const admitted = (answers: readonly Answer[]): number => answers.filter(({ status }) => status !== 429).length

const get = (path: string, call?: Call): Promise<Answer> => platform.client.call('GET', path, call)

const quotaIsFull = async (): Promise<void> => platform.clock.forward(2 * MINUTE)

/** A path as it stands, which `fetch` would put in order. */
const statusOf = (method: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(platform.client.baseUrl)
    const outgoing = send({ hostname, port, method, path, headers, agent: false }, (incoming) => {
      incoming.resume()
      incoming.on('end', () => resolve(incoming.statusCode ?? 0))
    })
    outgoing.on('error', reject)
    outgoing.end()
  })

describe('a burst', () => {
  test('of one person lets exactly the quota through, and says when to come again', async () => {
    const answers = await burst(3 * LIMIT, () => get('/v1/users/me', { token: person.token }))
    expect(admitted(answers)).toBe(LIMIT)
    for (const { headers } of answers) expect(headers.get('ratelimit-policy')).toBe(`"default";q=${LIMIT};w=60`)
    const refused = answers.filter(({ status }) => status === 429)
    for (const { headers, text } of refused) {
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      expect(JSON.parse(text)).toMatchObject({ code: 'RATE_LIMITED' })
    }
  })

  test('of one person leaves others their quota', async () => {
    const other = await makePerson(platform, 'learner')
    expect((await get('/v1/users/me', { token: other.token })).status).toBe(200)
  })

  test('goes on after as long as was said', async () => {
    const { headers } = await get('/v1/users/me', { token: person.token })
    platform.clock.forward(Number(headers.get('retry-after')) * 1000)
    expect((await get('/v1/users/me', { token: person.token })).status).toBe(200)
    expect((await get('/v1/users/me', { token: person.token })).status).toBe(429)
  })

  test('of logins lets exactly their own quota through, whichever account is tried', async () => {
    await quotaIsFull()
    const answers = await burst(80, () => platform.client.call('POST', '/v1/auth/login', { raw: '{' }))
    expect(admitted(answers)).toBe(60)
    await quotaIsFull()
  })

  test('of tries at one account lets ten through, however its address is spelled', async () => {
    const { email } = person
    const spelled = (at: number): string => (at % 2 === 0 ? email.toUpperCase() : email)
    const answers = await burst(15, (at) =>
      platform.client.call('POST', '/v1/auth/login', { body: { email: spelled(at), password: 'a-wrong-password' } }),
    )
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10)
    await quotaIsFull()
  })
})

describe('a quota that is used up', () => {
  test('is not moved by anything that a person says of itself', async () => {
    await quotaIsFull()
    const token = person.token
    await burst(LIMIT, () => get('/v1/users/me', { token }))
    const again = await signIn(platform, person)
    const tries: Call[] = [
      { token, headers: { 'x-forwarded-for': '198.51.100.7' } },
      { headers: { authorization: `bearer ${token}` } },
      { token: again.token },
    ]
    for (const call of tries) expect((await get('/v1/users/me', call)).status).toBe(429)
  })

  test('is not moved by headers about the address', async () => {
    await quotaIsFull()
    const names = [
      'x-forwarded-for',
      'forwarded',
      'x-real-ip',
      'cf-connecting-ip',
      'true-client-ip',
      'x-client-ip',
      'via',
    ]
    const answers = await burst(3 * LIMIT, (at) => {
      const name = names[at % names.length] ?? 'x-forwarded-for'
      return get('/v1/subjects', { headers: { [name]: `203.0.113.${at}` } })
    })
    expect(admitted(answers)).toBe(LIMIT)
  })

  test.each([
    ['GET', '/v1/subjects?'],
    ['HEAD', '/v1/subjects'],
    ['GET', '/v1/%73ubjects'],
    ['GET', '/v1/subjects/'],
    ['GET', '//v1/subjects'],
    ['GET', '/v1//subjects'],
    ['GET', '/V1/Subjects'],
    ['GET', '/v1/./subjects'],
    ['GET', '/v1/x/../subjects'],
    ['GET', '/v1/subjects%2F'],
    ['GET', '/v1/subjects;a=1'],
    ['GET', '/v1/subjects#a'],
    ['GET', 'http://another.example/v1/subjects'],
  ])('is not moved by another spelling: %s %s', async (method, path) => {
    expect(await statusOf('GET', '/v1/subjects')).toBe(429)
    expect([301, 308, 400, 404, 405, 429]).toContain(await statusOf(method, path))
  })
})

describe('while Redis is away', () => {
  beforeAll(async () => {
    await quotaIsFull()
    person = await signIn(platform, person)
    redis.down()
  })

  test('reads go on uncounted', async () => {
    const answers = await burst(2 * LIMIT, () => get('/v1/subjects'))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(answers.filter(({ headers }) => headers.has('ratelimit'))).toEqual([])
    expect((await get('/v1/users/me', { token: person.token })).status).toBe(200)
  })

  test.each([
    ['logging in', '/v1/auth/login', { email: 'nobody@example.org', password: 'a-wrong-password' }],
    ['asking for mail', '/v1/auth/verification', undefined],
    ['beginning to pay', '/v1/course-runs/run_019aad2c-6a00-7c3f-8e4b-2f6d1a9c5e07/enrollments', undefined],
    ['asking for money back', '/v1/payments/pay_019aad2c-6a00-7c3f-8e4b-2f6d1a9c5e07/refunds', {}],
  ])('%s is refused, and says when to come again', async (_what, path, body) => {
    const answer = await platform.client.call('POST', path, { token: person.token, body })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('1')
  })

  test('and all is counted again once it is back', async () => {
    redis.up()
    const counted = async () => (await get('/v1/subjects')).headers.has('ratelimit')
    await eventually('requests to be counted', counted)
    expect((await signIn(platform, person)).token).not.toBe(person.token)
  })
})
