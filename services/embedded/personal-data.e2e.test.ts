import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { LessonId, QuizAttemptId, QuizId, ReviewId, UserId } from '#domain/kernel/ids.ts'
import { createEngine } from '#services/kit/redis/engine.ts'
import type { Redis } from '#services/kit/redis/redis.ts'
import {
  completeCourse,
  enrollmentWithStatus,
  publishCourse,
  type PublishedCourse,
  requestSeat,
} from './testing/courses.ts'
import { catalogClient } from './testing/catalog.ts'
import { type Enrolling, startLearning } from './testing/enrolling.ts'
import { checkMoneyAndSeats } from './testing/invariants.ts'
import { makePerson, type Person, readMailedToken, signIn, verifyEmail } from './testing/people.ts'
import { keysHolding, tablesHolding } from './testing/personal-data.ts'
import { startTestPlatform, type TestPlatform } from './testing/platform.ts'
import { eventually } from './testing/poll.ts'
import { recordingRedis } from './testing/recording-redis.ts'

/** A text that occurs nowhere else, in all that one person says. */
const mark = randomBytes(8).toString('hex')
const email = `forget-${mark}@example.org`
const password = `pass-${randomUUID()}`

let platform: TestPlatform
let redis: Redis
let person: Person
let admin: Person
let colleague: Person
let free: PublishedCourse
let own: PublishedCourse
let unpaid: PublishedCourse
let bought: Enrolling
let code: string
const keys = new Set<string>()
const messages: string[] = []
const log: string[] = []

const Erasure = z.object({
  status: z.string(),
  closedAt: z.string().optional(),
  acknowledged: z.array(z.object({ service: z.string(), counts: z.record(z.string(), z.int()) })),
})
const Content = z.object({ sections: z.array(z.object({ lessons: z.array(z.object({ id: LessonId })) })) })
const EUR = (amount: number) => ({ amount, currency: 'EUR' }) as const

const register = async (): Promise<Person> => {
  const { client } = platform
  const body = { email, password, displayName: `Name ${mark}`, locale: 'en', timezone: 'UTC' }
  const { userId } = await client.expect(201, z.object({ userId: UserId }), 'POST', '/v1/users', { body })
  await verifyEmail(platform, await readMailedToken(platform, email))
  const assigned = { token: admin.token, body: { roles: ['learner', 'tutor'] } }
  await client.expect(200, z.unknown(), 'PUT', `/v1/users/${userId}/roles`, assigned)
  return signIn(platform, { userId, email, password })
}

const describeThemselves = async ({ token }: Person): Promise<void> => {
  const { client } = platform
  const path = '/v1/users/me/profile'
  const ifMatch = (await client.call('GET', path, { token })).headers.get('etag') ?? undefined
  const body = { displayName: `Name ${mark}`, bio: `Bio ${mark}`, locale: 'en', timezone: 'UTC', slug: `slug-${mark}` }
  await client.expect(200, z.unknown(), 'PUT', path, { token, body, ifMatch })
  const consent = { token, body: { given: true, documentVersion: '2026-01' } }
  await client.expect(200, z.unknown(), 'PUT', '/v1/users/me/consents/analytics', consent)
  const change = { token, body: { email: `other-${email}`, password } }
  await client.expect(202, z.unknown(), 'POST', '/v1/users/me/email-change', change)
}

/** Learns a course to the end, with a certificate, a review and a tried quiz. */
const learn = async (learner: Person, course: PublishedCourse): Promise<string> => {
  const { client } = platform
  const { token } = learner
  const enrollmentId = await requestSeat(platform, learner, course)
  await enrollmentWithStatus(platform, learner, enrollmentId, 'ACTIVE')
  const code = await completeCourse(platform, learner, { enrollmentId, ...course })
  const { courseId } = course
  const said = { token, body: { stars: 1, text: `Review ${mark}` } }
  await client.expect(200, z.unknown(), 'PUT', `/v1/reviews/${courseId}/mine`, said)
  const { sections } = await client.expect(200, Content, 'GET', `/v1/courses/${courseId}/content`, { token })
  const questions = [{ kind: 'text', prompt: 'What?', accepted: ['That'] }]
  const written = { token: colleague.token, body: { title: 'A quiz', questions, passPercent: 50 } }
  const path = `/v1/lessons/${sections[0]?.lessons[0]?.id}/quiz`
  const { quizId } = await client.expect(200, z.object({ quizId: QuizId }), 'PUT', path, written)
  const Attempt = z.object({ attemptId: QuizAttemptId })
  const { attemptId } = await client.expect(201, Attempt, 'POST', `/v1/quizzes/${quizId}/attempts`, { token })
  const answers = { token, body: { answers: [{ number: 1, text: `Answer ${mark}` }] } }
  await client.expect(200, z.unknown(), 'PUT', `/v1/quiz-attempts/${attemptId}/submission`, answers)
  return code
}

/** Teaches a course, and answers what a learner says of it. */
const teach = async (tutor: Person, learner: Person): Promise<PublishedCourse> => {
  const { client } = platform
  const course = await publishCourse(platform, tutor, { title: 'Taught by one who left', price: EUR(0), capacity: 9 })
  const enrollmentId = await requestSeat(platform, learner, course)
  await enrollmentWithStatus(platform, learner, enrollmentId, 'ACTIVE')
  await completeCourse(platform, learner, { enrollmentId, ...course })
  const mine = `/v1/reviews/${course.courseId}/mine`
  const said = { token: learner.token, body: { stars: 5, text: 'Good.' } }
  const { reviewId } = await client.expect(200, z.object({ reviewId: ReviewId }), 'PUT', mine, said)
  const reply = { token: tutor.token, body: { text: `Reply ${mark}` } }
  await client.expect(200, z.unknown(), 'POST', `/v1/reviews/${reviewId}/reply`, reply)
  await client.expect(200, z.unknown(), 'POST', `/v1/reviews/${reviewId}/votes`, { token: tutor.token })
  const report = { token: tutor.token, body: { reason: 'other' } }
  await client.expect(201, z.unknown(), 'POST', `/v1/reviews/${reviewId}/reports`, report)
  return course
}

/** The provider's notices name the payer, as Stripe's do. */
const notice = async (paymentId: string): Promise<void> => {
  const object = { id: 'ch_1', object: 'charge', metadata: { paymentId }, billing_details: { email, name: mark } }
  const raw = JSON.stringify({ id: `evt_${randomUUID()}`, object: 'event', type: 'charge.updated', data: { object } })
  const seconds = Math.floor(Date.parse(platform.clock.now()) / 1000)
  const mac = createHmac('sha256', platform.secrets.stripeWebhookSecret).update(`${seconds}.${raw}`).digest('hex')
  const headers = { 'stripe-signature': `t=${seconds},v1=${mac}` }
  await platform.client.expect(200, z.unknown(), 'POST', '/v1/webhooks/stripe', { raw, headers })
}

beforeAll(async () => {
  redis = createEngine({ now: () => Date.now() })
  platform = await startTestPlatform({
    catalog: true,
    log: (line) => log.push(line),
    redis: recordingRedis(redis, (text) =>
      text.split(' ').forEach((word) => /^[\w:.{}-]+$/.test(word) && keys.add(word)),
    ),
    transport: {
      disturb: ({ body }) => {
        messages.push(body)
        return { copies: 1 }
      },
    },
  })
  admin = await makePerson(platform, 'learner', 'admin')
  colleague = await makePerson(platform, 'learner', 'tutor')
  person = await register()
  await describeThemselves(person)
  free = await publishCourse(platform, colleague, { title: 'Learned and left', price: EUR(0), capacity: 9 })
  code = await learn(person, free)
  own = await teach(person, colleague)
  const paid = await publishCourse(platform, colleague, { title: 'Paid and left', price: EUR(4900), capacity: 1 })
  bought = await startLearning(platform, paid, undefined, person)
  await notice(bought.paymentId)
  unpaid = await publishCourse(platform, colleague, { title: 'Not paid yet', price: EUR(900), capacity: 1 })
  await requestSeat(platform, person, unpaid)
}, 60_000)
afterAll(() => platform.stop())

const Copy = z.object({
  status: z.string(),
  archive: z.record(z.string(), z.record(z.string(), z.array(z.record(z.string(), z.json())))).optional(),
})

test('whoever asks for their data gets a copy of what every service knows, and nobody else does', async () => {
  const { client } = platform
  const { token } = person
  const asked = await client.call('POST', '/v1/users/me/export', { token })
  expect(asked.status).toBe(202)
  const location = z.string().parse(asked.headers.get('location'))
  const { archive = {} } = await eventually('the copy', async () => {
    const copy = await client.expect(200, Copy, 'GET', location, { token })
    return copy.status === 'READY' ? copy : undefined
  })
  expect(archive).toMatchObject({
    user: {
      accounts: [{ email, pending_email: `other-${email}` }],
      profiles: [{ bio: `Bio ${mark}` }],
      consents: [{ purpose: 'analytics', given: true }],
    },
    learning: {
      certificates: [{ learner_name: `Name ${mark}` }],
      reviews: [{ text: `Review ${mark}` }],
      replies: [{ reply_text: `Reply ${mark}` }],
      votes: [{}],
      reports: [{ reason: 'other' }],
      taughtCourses: [{ title: 'Taught by one who left' }],
    },
  })
  expect(JSON.stringify(archive['learning']?.['quizAttempts'])).toContain(`Answer ${mark}`)
  expect(archive['learning']?.['enrollments']).toHaveLength(3)
  expect(archive['payment']?.['payments']).toHaveLength(2)
  expect(JSON.stringify(archive)).not.toMatch(/password_hash|token_hash|client_secret|_secret_/)
  expect((await client.call('GET', location, { token: colleague.token })).status).toBe(404)
  await eventually('the notice', async () => {
    const { text } = await client.call('GET', `/dev/mailbox?to=${encodeURIComponent(email)}`)
    return text.includes('The copy of your data is ready')
  })
})

test('a copy is made one at a time', async () => {
  const { client } = platform
  const statuses = await Promise.all(
    Array.from({ length: 4 }, async () => (await client.call('POST', '/v1/users/me/export', colleague)).status),
  )
  expect(statuses.filter((status) => status === 202)).toHaveLength(1)
  expect(statuses.filter((status) => status === 409)).toHaveLength(3)
})

test('whoever deletes their account is forgotten by every service, and the books keep their amounts', {
  timeout: 90_000,
}, async () => {
  const { client } = platform
  const catalog = await catalogClient(platform)
  const reviews = `/catalog/v1/courses/${free.slug}/reviews`
  await eventually('the review at the edge', async () => (await catalog.call('GET', reviews)).text.includes(mark))

  expect(await tablesHolding(platform.databaseUrl, [mark])).toEqual([
    'learning.certificates',
    'learning.quiz_attempts',
    'learning.reviews',
    'learning.tutor_names',
    'payment.provider_events',
    'user.data_exports',
    'user.dev_mailbox',
    'user.one_time_tokens',
    'user.user_profiles',
    'user.users',
  ])
  expect((await keysHolding(redis, keys, [mark])).length).toBeGreaterThan(0)

  person = await signIn(platform, { ...person })
  const answer = await client.call('DELETE', '/v1/users/me', { token: person.token })
  expect(answer.status).toBe(202)
  const left = z.string().parse(answer.headers.get('location'))
  const closed = await eventually('the end of the erasure', async () => {
    const erasure = await client.expect(200, Erasure, 'GET', left)
    return erasure.status === 'CLOSED' ? erasure : undefined
  })
  const counts = Object.fromEntries(closed.acknowledged.map((done) => [done.service, done.counts]))
  expect(counts).toMatchObject({
    user: { account: 1, profiles: 1, credentials: 1, exports: 1 },
    learning: { enrollments: 1, reviews: 1, certificates: 1, quizAttempts: 1, votes: 1, reports: 1, replies: 1 },
    payment: { openPayments: 1 },
  })

  // Projections follow their events.
  await vi.waitFor(
    async () => {
      expect(await tablesHolding(platform.databaseUrl, [mark])).toEqual([])
      expect(await keysHolding(redis, keys, [mark])).toEqual([])
    },
    { timeout: 20_000, interval: 100 },
  )
  expect(messages.filter((message) => message.includes(mark))).toEqual([])
  expect(log.filter((line) => line.includes(mark))).toEqual([])
  await eventually('no trace at the edge', async () => {
    const pages = [reviews, `/catalog/v1/courses/${free.slug}`, `/catalog/v1/courses/${own.slug}`, `${reviews}?limit=5`]
    const texts = await Promise.all(pages.map(async (path) => (await catalog.call('GET', path)).text))
    return texts.every((text) => !text.includes(mark))
  })

  await eventually('the end of what they taught', async () => {
    const page = await catalog.call('GET', `/catalog/v1/courses/${own.slug}`)
    return page.status === 404 || page.status === 410
  })

  const certificate = await client.call('GET', `/v1/certificates/${code}`)
  expect([certificate.status, certificate.text.includes(mark)]).toEqual([410, false])
  const sql = postgres(platform.databaseUrl, { max: 1 })
  const entries = await sql`
    select sum(amount)::int as held from payment.ledger_entries
    where reference = ${`capture:${bought.paymentId}`} and account = 'provider'`
  const ledger = await sql`select from payment.ledger_entries where account = ${`learner:${person.userId}`}`
  await sql.end()
  expect(entries).toEqual([{ held: 4900 }])
  expect(ledger.length).toBe(2)
  expect((await client.call('GET', `/v1/users/${person.userId}/public`)).status).toBe(404)
  // What was not paid is free for others; what was paid keeps its seat, so that money and seat do not part.
  await requestSeat(platform, await makePerson(platform, 'learner'), unpaid)
  await checkMoneyAndSeats(platform)
})
