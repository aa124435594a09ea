import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import Stripe from 'stripe'
import { type PublishedCourse, publishCourse, readEnrollment, requestSeat } from './testing/courses.ts'
import { contentStatus, type Enrolling, keptMoney, startLearning, untilNoAccess } from './testing/enrolling.ts'
import { checkMoneyAndSeats } from './testing/invariants.ts'
import { makePerson, type Person } from './testing/people.ts'
import type { PlatformUnderTest } from './testing/platform.ts'
import { startPlatformUnderTest } from './testing/under-test.ts'
import { eventually } from './testing/poll.ts'

let platform: PlatformUnderTest
let stripe: Stripe
let tutor: Person
let admin: Person
beforeAll(async () => {
  platform = await startPlatformUnderTest()
  const { hostname: host, port } = new URL(platform.sandbox.baseUrl)
  stripe = new Stripe(platform.secrets.stripeSecretKey, { protocol: 'http', host, port, telemetry: false })
  tutor = await makePerson(platform, 'learner', 'tutor')
  admin = await makePerson(platform, 'learner', 'admin')
})
afterEach(() => checkMoneyAndSeats(platform))
afterAll(() => platform.stop())

let courses = 0
const disputed = async (): Promise<Enrolling & { course: PublishedCourse; dispute: string }> => {
  const price = { amount: 4900, currency: 'EUR' } as const
  const course = await publishCourse(platform, tutor, { title: `Disputed ${++courses}`, price, capacity: 1 })
  const enrolling = await startLearning(platform, course)
  await platform.provider.post(`/payment_intents/${enrolling.intent}/dispute`)
  const dispute = await eventually('a dispute here', async () => {
    const { text } = await platform.client.call('GET', '/v1/disputes?status=OPEN', { token: admin.token })
    const [at] = (await stripe.disputes.list({ payment_intent: enrolling.intent })).data
    return at && text.includes(at.id) ? at.id : undefined
  })
  return { ...enrolling, course, dispute }
}

test('a learner whose bank disputes the payment learns on until it has decided, and then not without paying', async () => {
  const enrolling = await disputed()
  expect(await contentStatus(platform, enrolling)).toBe(200)
  await stripe.disputes.close(enrolling.dispute)
  await untilNoAccess(platform, enrolling)
  const { hasAccess, endReason } = await readEnrollment(platform, enrolling.learner, enrolling.enrollmentId)
  expect({ hasAccess, endReason }).toEqual({ hasAccess: false, endReason: 'charged_back' })
  expect(await keptMoney(platform, enrolling)).toBe(0)
  await requestSeat(platform, await makePerson(platform, 'learner'), enrolling.course)
})

test('a learner whose bank is answered convincingly keeps the seat', async () => {
  const enrolling = await disputed()
  await stripe.disputes.update(enrolling.dispute, { evidence: { uncategorized_text: 'winning_evidence' } })
  await eventually('the money again', async () => (await keptMoney(platform, enrolling)) === 4900)
  await checkMoneyAndSeats(platform)
  expect(await contentStatus(platform, enrolling)).toBe(200)
})
