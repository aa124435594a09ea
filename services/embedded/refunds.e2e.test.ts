import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { DAY } from '#domain/kernel/clock.ts'
import { z } from 'zod'
import { type PublishedCourse, publishCourse, readEnrollment, requestSeat } from './testing/courses.ts'
import {
  contentStatus,
  type Enrolling,
  keptMoney,
  signInAgain,
  startLearning,
  untilNoAccess,
} from './testing/enrolling.ts'
import { checkMoneyAndSeats } from './testing/invariants.ts'
import { makePerson, type Person, signIn } from './testing/people.ts'
import type { PlatformUnderTest } from './testing/platform.ts'
import { startPlatformUnderTest } from './testing/under-test.ts'
import { eventually } from './testing/poll.ts'

let platform: PlatformUnderTest
let tutor: Person
let course: PublishedCourse
beforeAll(async () => {
  platform = await startPlatformUnderTest()
  tutor = await makePerson(platform, 'learner', 'tutor')
})
afterEach(() => checkMoneyAndSeats(platform))
afterAll(() => platform.stop())

const price = { amount: 4900, currency: 'EUR' } as const
let courses = 0
const learning = async (paymentMethod?: string): Promise<Enrolling> => {
  tutor = await signIn(platform, tutor)
  course = await publishCourse(platform, tutor, { title: `Course ${++courses}`, price, capacity: 1 })
  return startLearning(platform, course, paymentMethod)
}
const leave = ({ learner, enrollmentId }: Enrolling) =>
  platform.client.call('DELETE', `/v1/enrollments/${enrollmentId}`, { token: learner.token })
const askForRefund = ({ paymentId }: Enrolling, { token }: Person, body: object = {}) =>
  platform.client.call('POST', `/v1/payments/${paymentId}/refunds`, { token, body })
const refundAtProvider = ({ intent }: Enrolling): Promise<string> =>
  eventually('a refund at the provider', async () => {
    const { refunds } = await platform.provider.ledger()
    return refunds.find(({ payment_intent }) => payment_intent === intent)?.id
  })
const Problem = z.object({ code: z.string() })

describe('within the window', () => {
  test('a learner who leaves gets the money back, and access ends with it', async () => {
    const enrolling = await learning()
    expect(await contentStatus(platform, enrolling)).toBe(200)
    expect((await leave(enrolling)).status).toBe(202)
    await untilNoAccess(platform, enrolling)
    const { hasAccess, endReason } = await readEnrollment(platform, enrolling.learner, enrolling.enrollmentId)
    expect({ hasAccess, endReason }).toEqual({ hasAccess: false, endReason: 'refunded' })
    expect(await keptMoney(platform, enrolling)).toBe(0)
    await requestSeat(platform, await makePerson(platform, 'learner'), course)
  })

  test('a learner who asks the payment service is served alike', async () => {
    const enrolling = await learning()
    expect((await askForRefund(enrolling, enrolling.learner)).status).toBe(202)
    await untilNoAccess(platform, enrolling)
    expect(await keptMoney(platform, enrolling)).toBe(0)
  })

  test('access lasts until the bank has sent the money, of which a webhook tells', async () => {
    const enrolling = await learning('pm_card_pendingRefund')
    expect((await askForRefund(enrolling, enrolling.learner)).status).toBe(202)
    const refund = await refundAtProvider(enrolling)
    expect(await contentStatus(platform, enrolling)).toBe(200)
    await platform.provider.post(`/refunds/${refund}/settle`)
    await untilNoAccess(platform, enrolling)
  })

  test('leaving twice, and asking besides, gives back no more than was paid', async () => {
    const enrolling = await learning()
    const answers = await Promise.all([
      leave(enrolling),
      leave(enrolling),
      askForRefund(enrolling, enrolling.learner),
      askForRefund(enrolling, enrolling.learner),
    ])
    expect(answers.every(({ status }) => status === 202 || status === 409 || status === 422)).toBe(true)
    await untilNoAccess(platform, enrolling)
    expect(await keptMoney(platform, enrolling)).toBe(0)
  })
})

describe('after the window', () => {
  test('a learner keeps the seat and staff may still give the money back', async () => {
    const before = await learning()
    await platform.forward(15 * DAY)
    const enrolling = await signInAgain(platform, before)
    const left = await leave(enrolling)
    expect([left.status, left.as(Problem).code]).toEqual([409, 'CANCELLATION_WINDOW_CLOSED'])
    const asked = await askForRefund(enrolling, enrolling.learner)
    expect([asked.status, asked.as(Problem).code]).toEqual([422, 'REFUND_WINDOW_CLOSED'])
    expect(await contentStatus(platform, enrolling)).toBe(200)

    const admin = await makePerson(platform, 'learner', 'admin')
    expect((await askForRefund(enrolling, admin, { money: { amount: 900, currency: 'EUR' } })).status).toBe(202)
    await eventually('a part of the money back', async () => (await keptMoney(platform, enrolling)) === 4000)
    expect(await contentStatus(platform, enrolling)).toBe(200)
    expect((await askForRefund(enrolling, admin)).status).toBe(202)
    await untilNoAccess(platform, enrolling)
  })
})
