import { createHmac, randomUUID } from 'node:crypto'
import { z } from 'zod'
import {
  type CourseId,
  ExportId,
  LessonId,
  PaymentId,
  QuizAttemptId,
  QuizId,
  ReviewId,
  UserId,
} from '#domain/kernel/ids.ts'
import { encodeEnvelope } from '#bus/envelope.ts'
import { DeadLetters } from '#services/kit/ports.ts'
import { systemIds } from '#services/kit/ids.ts'
import { addressOf, callOf } from './ask.ts'
import {
  completeCourse,
  enrollmentWithStatus,
  publishCourse,
  readEnrollment,
  requestSeat,
  type PublishedCourse,
} from './courses.ts'
import type { DocumentedOperation } from './documents.ts'
import { makePerson, type Person, readMailedToken, register, signIn } from './people.ts'
import type { TestPlatform } from './platform.ts'
import { POLICY } from './policy.ts'
import { eventually } from './poll.ts'
import { leaveForGood, type Scene } from './scene.ts'

type Operations = ReadonlyMap<string, DocumentedOperation>

/** Changes that need the current version, and where it is read. */
export const VERSION_READERS: Readonly<Record<string, string>> = {
  updateMe: '/v1/users/me',
  replaceMyProfile: '/v1/users/me/profile',
  updateCourse: '/v1/courses/{courseId}',
  putCurriculum: '/v1/courses/{courseId}/curriculum',
  updateCourseRun: '/v1/course-runs/{courseRunId}',
  updateCoupon: '/v1/coupons/{couponId}',
}

const changeVersions = async ({ client }: TestPlatform, scene: Scene, operations: Operations): Promise<void> => {
  for (const [operationId, path] of Object.entries(VERSION_READERS)) {
    const operation = operations.get(operationId)
    const [asked] = POLICY[operationId] ?? []
    if (!operation || !asked) throw new Error(`${operationId} is in no document or not in the policy.`)
    const call = callOf(asked, 'tutor', scene)
    const read = await client.call('GET', addressOf({ ...operation, path }, asked, scene.resources), {
      token: call.token,
    })
    const ifMatch = read.headers.get('etag') ?? undefined
    const address = addressOf(operation, asked, scene.resources)
    await client.expect(200, z.unknown(), operation.method, address, { ...call, ifMatch })
  }
}

const seatToPay = async (test: TestPlatform, learner: Person, course: PublishedCourse) => {
  const enrollmentId = await requestSeat(test, learner, course)
  const paymentId = await eventually(
    'a payment',
    async () => (await readEnrollment(test, learner, enrollmentId)).paymentId,
  )
  return { enrollmentId, paymentId: PaymentId.parse(paymentId), saga: `CourseEnrollment:${enrollmentId}` }
}

/** One enrollment is turned back by an admin, one by its payer. */
const turnBack = async (test: TestPlatform, { people }: Scene): Promise<void> => {
  const { learner, otherTutor, tutor, admin } = people
  const price = { amount: 1500, currency: 'EUR' } as const
  const course = await publishCourse(test, tutor, { title: 'Turned back', price, capacity: 5 })
  const first = await seatToPay(test, learner, course)
  const saga = `/v1/sagas/learning/${encodeURIComponent(first.saga)}`
  for (const verb of ['retry', 'cancel'])
    await test.client.expect(202, z.unknown(), 'POST', `${saga}/${verb}`, { token: admin.token })
  await enrollmentWithStatus(test, learner, first.enrollmentId, 'CANCELLED')

  const second = await seatToPay(test, otherTutor, course)
  const path = `/v1/payments/${second.paymentId}/cancel`
  await test.client.expect(200, z.unknown(), 'POST', path, { token: otherTutor.token })
  await enrollmentWithStatus(test, otherTutor, second.enrollmentId, 'CANCELLED')
}

const Content = z.object({ sections: z.array(z.object({ lessons: z.array(z.object({ id: LessonId })) })) })

/** A tutor writes a quiz, and a learner tries it. */
const tryQuiz = async (
  { client }: TestPlatform,
  { tutor, learner }: Pick<Scene['people'], 'tutor' | 'learner'>,
  courseId: CourseId,
): Promise<void> => {
  const { token } = learner
  const { sections } = await client.expect(200, Content, 'GET', `/v1/courses/${courseId}/content`, { token })
  const path = `/v1/lessons/${sections[0]?.lessons[0]?.id}/quiz`
  const questions = [{ kind: 'text', prompt: 'What?', accepted: ['That'] }]
  const written = { token: tutor.token, body: { title: 'A quiz', questions, passPercent: 50 } }
  const { quizId } = await client.expect(200, z.object({ quizId: QuizId }), 'PUT', path, written)
  await client.expect(200, z.unknown(), 'GET', path, { token: tutor.token })
  await client.expect(200, z.unknown(), 'GET', `/v1/quizzes/${quizId}`, { token })
  const Attempt = z.object({ attemptId: QuizAttemptId })
  const { attemptId } = await client.expect(201, Attempt, 'POST', `/v1/quizzes/${quizId}/attempts`, { token })
  await client.expect(200, z.unknown(), 'GET', `/v1/quiz-attempts/${attemptId}`, { token })
  const answers = { token, body: { answers: [{ number: 1, text: 'that' }] } }
  await client.expect(200, z.unknown(), 'PUT', `/v1/quiz-attempts/${attemptId}/submission`, answers)
}

/** Somebody learns all there is, shows the certificate, and loses it. */
const learnToTheEnd = async (test: TestPlatform, { people }: Scene): Promise<void> => {
  const { learner, tutor, admin } = people
  const price = { amount: 0, currency: 'EUR' } as const
  const course = await publishCourse(test, tutor, { title: 'Learnt to the end', price, capacity: 5 })
  const enrollmentId = await requestSeat(test, learner, course)
  await enrollmentWithStatus(test, learner, enrollmentId, 'ACTIVE')
  const code = await completeCourse(test, learner, { enrollmentId, ...course })
  await tryQuiz(test, { tutor, learner }, course.courseId)
  const mine = `/v1/reviews/${course.courseId}/mine`
  const said = { token: learner.token, body: { stars: 5, text: 'Learnt a lot.' } }
  const { reviewId } = await test.client.expect(200, z.object({ reviewId: ReviewId }), 'PUT', mine, said)
  await test.client.expect(200, z.unknown(), 'GET', mine, { token: learner.token })
  const reply = { token: tutor.token, body: { text: 'Thank you.' } }
  await test.client.expect(200, z.unknown(), 'POST', `/v1/reviews/${reviewId}/reply`, reply)
  const votes = `/v1/reviews/${reviewId}/votes`
  for (const method of ['POST', 'DELETE'])
    await test.client.expect(200, z.unknown(), method, votes, { token: tutor.token })
  const report = { token: tutor.token, body: { reason: 'other' } }
  await test.client.expect(201, z.unknown(), 'POST', `/v1/reviews/${reviewId}/reports`, report)
  const hide = { token: admin.token, body: { verdict: 'hide' } }
  await test.client.expect(200, z.unknown(), 'POST', `/v1/reviews/${reviewId}/moderate`, hide)
  await test.client.expect(204, z.unknown(), 'DELETE', mine, { token: learner.token })
  await test.client.expect(200, z.unknown(), 'GET', `/v1/certificates/${code}`)
  const revocation = { token: admin.token, body: { reason: 'issued_in_error' } }
  await test.client.expect(200, z.unknown(), 'POST', `/v1/certificates/${code}/revoke`, revocation)
  await test.client.expect(410, z.unknown(), 'GET', `/v1/certificates/${code}`)
}

/** A question that its service answers, for nobody who waits. */
const QUESTIONS = { user: 'user.get_by_id', learning: 'course.get_by_id', payment: 'payment.get_status' } as const

const redriveLetters = async ({ client, clock, platform }: TestPlatform, { people }: Scene): Promise<void> => {
  for (const service of ['user', 'learning', 'payment'] as const) {
    const type = QUESTIONS[service]
    const id = systemIds.next('dlq').slice('dlq_'.length)
    const failedAt = clock.now()
    const envelope = encodeEnvelope({
      specversion: '1.0',
      id,
      messagekind: 'request',
      type,
      source: 'edtech.user',
      time: failedAt,
      subject: id,
      dataversion: 1,
      correlationid: id,
      data: { userId: systemIds.next('usr'), courseId: systemIds.next('crs'), paymentId: systemIds.next('pay') },
    })
    const letter = { id, consumer: `${service}/requests`, messageId: id, type, key: id, envelope, failedAt }
    await platform.services[service].runtime.resolve(DeadLetters).add({ ...letter, reason: 'It was too early.' })
    const path = `/v1/dead-letters/${service}/${id}/redrive`
    await client.expect(202, z.unknown(), 'POST', path, { token: people.admin.token })
  }
}

const sendNotice = async ({ client, clock, secrets }: TestPlatform): Promise<void> => {
  const object = { object: 'customer', metadata: null }
  const raw = JSON.stringify({ id: `evt_${randomUUID()}`, object: 'event', type: 'customer.created', data: { object } })
  const seconds = Math.floor(Date.parse(clock.now()) / 1000)
  const mac = createHmac('sha256', secrets.stripeWebhookSecret).update(`${seconds}.${raw}`).digest('hex')
  const headers = { 'stripe-signature': `t=${seconds},v1=${mac}` }
  await client.expect(200, z.unknown(), 'POST', '/v1/webhooks/stripe', { raw, headers })
}

/** Somebody forgets the password, comes back by mail, and then wants another address. */
const comeBackByMail = async (test: TestPlatform): Promise<void> => {
  const { client } = test
  const { userId, email } = await register(test, 'Verified By Mail')
  const password = `pass-${randomUUID()}`
  await client.expect(202, z.unknown(), 'POST', '/v1/auth/password-reset', { body: { email } })
  await eventually('the new password', async () => {
    const body = { token: await readMailedToken(test, email), password }
    return (await client.call('POST', '/v1/auth/password-reset/confirm', { body })).status === 204
  })
  const { token } = await signIn(test, { userId, email, password })
  const body = { email: `other-${email}`, password }
  await client.expect(202, z.unknown(), 'POST', '/v1/users/me/email-change', { token, body })
}

/** An admin turns an onboarding back, and somebody leaves for good. */
const leave = async (test: TestPlatform, { people: { admin } }: Scene): Promise<void> => {
  const email = `${randomUUID()}@example.org`
  const body = { email, password: `pass-${randomUUID()}`, displayName: 'Never Verified', locale: 'en', timezone: 'UTC' }
  const { userId } = await test.client.expect(201, z.object({ userId: UserId }), 'POST', '/v1/users', { body })
  const saga = `/v1/sagas/user/${encodeURIComponent(`UserOnboarding:${userId}`)}`
  for (const verb of ['retry', 'cancel'])
    await test.client.expect(202, z.unknown(), 'POST', `${saga}/${verb}`, { token: admin.token })
  const leaver = await makePerson(test, 'learner')
  const { token } = leaver
  const Asked = z.object({ exportId: ExportId })
  const { exportId } = await test.client.expect(202, Asked, 'POST', '/v1/users/me/export', { token })
  await test.client.expect(200, z.unknown(), 'GET', `/v1/users/me/exports/${exportId}`, { token })
  await leaveForGood(test, leaver)
}

/** Lets those operations succeed whose success in the policy table would have changed what the next one is asked about. */
export const succeedWithTheRest = async (test: TestPlatform, scene: Scene, operations: Operations): Promise<void> => {
  await changeVersions(test, scene, operations)
  await turnBack(test, scene)
  await redriveLetters(test, scene)
  await sendNotice(test)
  await learnToTheEnd(test, scene)
  await comeBackByMail(test)
  await leave(test, scene)
}
