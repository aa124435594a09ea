import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { EnrollmentId } from '#domain/kernel/ids.ts'
import { startTestCluster, type TestCluster } from '#services/kit/testing/postgres-cluster.ts'
import { enrollmentWithStatus, publishCourse, type PublishedCourse } from './testing/courses.ts'
import { catalogDifferences } from './testing/crash/catalog-differences.ts'
import { createInsistentClient } from './testing/crash/insistent-client.ts'
import { checkMoneyAndSeats } from './testing/invariants.ts'
import { type Sample, startLoad } from './testing/load.ts'
import { makePerson, type Person } from './testing/people.ts'
import { startTestPlatform, type TestPlatform } from './testing/platform.ts'
import { eventually } from './testing/poll.ts'
import { openRedisUnderTest, type RedisUnderTest } from './testing/redis-under-test.ts'

const FREE = { amount: 0, currency: 'EUR' } as const
/** Answers from Redis, whatever the database does. */
const CATALOG = '/catalog/v1/courses'
/** Longest answer while a store is away. The queue waits 250 ms; the rest is for a busy machine. */
const FAST_MS = 3_000
/** How long after the recovery the queue may still be as long as it was: a pool has one connection then, and makes the others. */
const FILLING_MS = 250

const statusesOf = (samples: readonly Sample[]): number[] =>
  [...new Set(samples.map(({ status }) => status))].toSorted((a, b) => a - b)

describe('while PostgreSQL is away', () => {
  let cluster: TestCluster
  let platform: TestPlatform
  let course: PublishedCourse
  let tutor: Person
  let learners: Person[]
  beforeAll(async () => {
    cluster = await startTestCluster()
    platform = await startTestPlatform({ databaseUrl: cluster.url, catalog: true, log: () => undefined })
    tutor = await makePerson(platform, 'learner', 'tutor')
    course = await publishCourse(platform, tutor, { title: 'Through the outage', price: FREE, capacity: 50 })
    learners = await Promise.all(Array.from({ length: 4 }, () => makePerson(platform, 'learner')))
  })
  afterAll(async () => {
    await platform.stop()
    await cluster.remove()
  })

  const health = async (path: string): Promise<Response> => {
    const response = await fetch(`${platform.platform.apiUrl}/health/${path}`, { signal: AbortSignal.timeout(5_000) })
    await response.arrayBuffer()
    return response
  }

  /** Lives through an outage under load. Returns what was answered, by when it was asked. */
  const outage = async (takeAway: () => Promise<void>) => {
    const { courseId, courseRunId } = course
    const paths = [
      '/v1/users/me',
      '/v1/enrollments',
      `/v1/courses/${courseId}`,
      `/v1/course-runs/${courseRunId}`,
      CATALOG,
    ]
    await using load = startLoad(platform.client.baseUrl, paths, tutor.token)
    await takeAway()
    const awayMs = performance.now()
    const api = (): Sample[] => load.samples.filter(({ path }) => path !== CATALOG)
    const askedSince = (ms: number): Sample[] => api().filter(({ sentMs }) => sentMs > ms)
    await eventually('a while without a database', async () => performance.now() > awayMs + 1_500)
    await eventually('answers without a database', async () => askedSince(awayMs).length > 50)
    const live = await health('live')
    const ready = await health('ready')
    const returningMs = performance.now()
    await cluster.restart()
    const backMs = performance.now()
    await eventually('a recovery', async () => (await health('ready')).status === 200)
    const recoveredMs = performance.now()
    const filledMs = recoveredMs + FILLING_MS
    await eventually('answers after the recovery', async () => askedSince(filledMs).length > 50)
    await load.stop()
    return {
      live,
      ready,
      recoveryMs: recoveredMs - backMs,
      catalog: load.samples.filter(({ path }) => path === CATALOG),
      away: askedSince(awayMs).filter(({ sentMs, tookMs }) => sentMs + tookMs < returningMs),
      afterwards: askedSince(filledMs),
    }
  }

  const learner = (): Person => {
    const person = learners.pop()
    if (!person) throw new Error('All learners have a seat.')
    return person
  }

  test.each([
    ['killed', () => cluster.kill()],
    ['shut down', () => cluster.stop()],
  ] as const)(
    'after it was %s under load: 503 at once, and back by itself with all that was acknowledged',
    async (_how, takeAway) => {
      const insistent = createInsistentClient(platform.client.baseUrl)
      const [before, during] = [learner(), learner()]
      const enroll = async (as: Person) => {
        const path = `/v1/course-runs/${course.courseRunId}/enrollments`
        return (await insistent.expect(202, 'POST', path, { as })).as(z.object({ enrollmentId: EnrollmentId }))
          .enrollmentId
      }
      const earlier = await enroll(before)
      const gone = Promise.withResolvers<void>()
      const [{ live, ready, recoveryMs, away, afterwards, catalog }, later] = await Promise.all([
        outage(() => takeAway().then(gone.resolve)),
        gone.promise.then(() => enroll(during)),
      ])

      expect(live.status).toBe(200)
      expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '1'])
      expect(away.length).toBeGreaterThan(50)
      expect(statusesOf(away)).toEqual([503])
      expect(away.filter(({ retryAfter }) => retryAfter === null)).toEqual([])
      expect(Math.max(...away.map(({ tookMs }) => tookMs))).toBeLessThan(FAST_MS)
      expect(statusesOf(afterwards)).toEqual([200])
      expect(statusesOf(catalog)).toEqual([200])
      expect(recoveryMs).toBeLessThan(5_000)
      await enrollmentWithStatus(platform, before, earlier, 'ACTIVE')
      await enrollmentWithStatus(platform, during, later, 'ACTIVE')
      await checkMoneyAndSeats(platform)
    },
  )
})

describe('while Redis is away', () => {
  let server: RedisUnderTest
  let platform: TestPlatform
  let tutor: Person
  let known: PublishedCourse
  let unknown: PublishedCourse
  beforeAll(async () => {
    server = await openRedisUnderTest()
    platform = await startTestPlatform({ redis: server.redis, catalog: true, log: () => undefined })
    tutor = await makePerson(platform, 'learner', 'tutor')
    known = await publishCourse(platform, tutor, { title: 'Read before', price: FREE, capacity: 5 })
    unknown = await publishCourse(platform, tutor, { title: 'Never read', price: FREE, capacity: 5 })
  })
  afterAll(async () => {
    await platform.stop()
    await server.close()
  })

  const page = async ({ slug }: PublishedCourse) => {
    const { status, headers, text } = await platform.client.call('GET', `/catalog/v1/courses/${slug}`)
    return { status, text, cache: headers.get('cache-status'), retryAfter: headers.get('retry-after') }
  }
  const login = () => {
    const { email, password } = tutor
    return platform.client.call('POST', '/v1/auth/login', { body: { email, password } })
  }

  const enroll = () =>
    platform.client.call('POST', `/v1/course-runs/${known.courseRunId}/enrollments`, { token: tutor.token })

  test('reads go on, logins and enrollments are refused, the catalog answers from copies; back empty, all is whole again', async () => {
    const before = await eventually('the first page', async () => {
      const answer = await page(known)
      return answer.status === 200 && answer
    })
    await server.goAway()

    const paths = ['/v1/users/me', '/v1/enrollments', `/v1/courses/${known.courseId}`]
    await using load = startLoad(platform.client.baseUrl, paths, tutor.token)
    await eventually('load without Redis', async () => load.samples.length > 100)
    await load.stop()
    expect(statusesOf(load.samples)).toEqual([200])
    for (const refused of [await login(), await enroll()])
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
    const stale = await eventually('a copy in place of the page', async () => {
      const answer = await page(known)
      return answer.cache?.includes('redis-unavailable') && answer
    })
    expect([stale.status, stale.text]).toEqual([200, before.text])
    const missing = await page(unknown)
    expect([missing.status, missing.retryAfter !== null]).toEqual([503, true])

    await server.comeBackEmpty()
    const backMs = performance.now()
    await eventually('the page that nobody had read', async () => (await page(unknown)).status === 200)
    await eventually('a login', async () => (await login()).status === 200)
    const fresh = await eventually('the page from Redis', async () => {
      const answer = await page(known)
      return answer.cache?.includes('stored') && answer
    })
    expect([fresh.status, fresh.text]).toEqual([200, before.text])
    // The connection is tried again every two seconds at most; the rebuild begins with it.
    expect(performance.now() - backMs).toBeLessThan(15_000)
    expect(await catalogDifferences(platform.platform.services.learning)).toEqual([])
  })
})
