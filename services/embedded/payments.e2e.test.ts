import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { MINUTE } from '#domain/kernel/clock.ts'
import { z } from 'zod'
import { payAtProvider, type PublishedCourse, publishCourse, requestSeat } from './testing/courses.ts'
import {
  contentStatus,
  type Enrolling,
  keptMoney,
  signInAgain,
  startEnrolling,
  untilStatus,
} from './testing/enrolling.ts'
import { checkMoneyAndSeats } from './testing/invariants.ts'
import { makePerson, type Person, signIn } from './testing/people.ts'
import type { PlatformUnderTest } from './testing/platform.ts'
import { startPlatformUnderTest } from './testing/under-test.ts'
import { eventually } from './testing/poll.ts'

let platform: PlatformUnderTest
let tutor: Person
beforeAll(async () => {
  platform = await startPlatformUnderTest()
  tutor = await makePerson(platform, 'learner', 'tutor')
})
afterEach(() => checkMoneyAndSeats(platform))
afterAll(() => platform.stop())

let courses = 0
const oneSeat = async (price: { amount: number; currency: 'EUR' | 'USD' } = { amount: 4900, currency: 'EUR' }) => {
  tutor = await signIn(platform, tutor)
  return publishCourse(platform, tutor, { title: `Course ${++courses}`, price, capacity: 1 })
}
/** The only seat is free again: somebody else gets it. */
const expectSeatFree = async (course: PublishedCourse): Promise<void> => {
  await requestSeat(platform, await makePerson(platform, 'learner'), course)
}
const leave = async ({ learner, enrollmentId }: Enrolling): Promise<number> =>
  (await platform.client.call('DELETE', `/v1/enrollments/${enrollmentId}`, { token: learner.token })).status

describe('a seat goes back', () => {
  test('when the card is declined', async () => {
    const course = await oneSeat()
    const enrolling = await startEnrolling(platform, course)
    expect(await payAtProvider(platform, enrolling.clientSecret, 'pm_card_visa_chargeDeclined')).toBe(402)
    const { endReason, hasAccess } = await untilStatus(platform, enrolling, 'CANCELLED')
    expect({ endReason, hasAccess }).toEqual({ endReason: 'payment_failed', hasAccess: false })
    await expectSeatFree(course)
  })

  test('when nobody pays for 30 minutes, and then nobody can', async () => {
    const course = await oneSeat()
    const before = await startEnrolling(platform, course)
    await platform.forward(31 * MINUTE)
    const enrolling = await signInAgain(platform, before)
    expect((await untilStatus(platform, enrolling, 'CANCELLED')).endReason).toBe('payment_timeout')
    expect(await payAtProvider(platform, enrolling.clientSecret)).toBe(400)
    expect(await keptMoney(platform, enrolling)).toBe(0)
    await expectSeatFree(course)
  })

  test('when the learner leaves before paying', async () => {
    const course = await oneSeat()
    const enrolling = await startEnrolling(platform, course)
    expect(await leave(enrolling)).toBe(202)
    expect((await untilStatus(platform, enrolling, 'CANCELLED')).endReason).toBe('cancelled')
    await expectSeatFree(course)
    // The answer may have been lost: asking again is answered alike and changes nothing.
    expect(await leave(enrolling)).toBe(202)
    expect((await untilStatus(platform, enrolling, 'CANCELLED')).endReason).toBe('cancelled')
  })

  test('when the payer cancels the payment', async () => {
    const course = await oneSeat()
    const enrolling = await startEnrolling(platform, course)
    const { token } = enrolling.learner
    await platform.client.expect(200, z.unknown(), 'POST', `/v1/payments/${enrolling.paymentId}/cancel`, { token })
    expect((await untilStatus(platform, enrolling, 'CANCELLED')).endReason).toBe('payment_failed')
    await expectSeatFree(course)
  })

  test('when an admin turns the saga back', async () => {
    const course = await oneSeat()
    const enrolling = await startEnrolling(platform, course)
    const { token } = await makePerson(platform, 'learner', 'admin')
    const saga = `/v1/sagas/learning/CourseEnrollment:${enrolling.enrollmentId}`
    await platform.client.expect(202, z.unknown(), 'POST', `${saga}/cancel`, { token })
    expect((await untilStatus(platform, enrolling, 'CANCELLED')).endReason).toBe('cancelled')
    await expectSeatFree(course)
  })
})

describe('authentication', () => {
  test('is waited for, and then the seat is paid', async () => {
    const enrolling = await startEnrolling(platform, await oneSeat())
    expect(await payAtProvider(platform, enrolling.clientSecret, 'pm_card_authenticationRequired')).toBe(200)
    expect(await keptMoney(platform, enrolling)).toBe(0)
    await platform.provider.post(`/payment_intents/${enrolling.intent}/authenticate`)
    await untilStatus(platform, enrolling, 'ACTIVE')
    expect(await contentStatus(platform, enrolling)).toBe(200)
  })

  test('that fails gives the seat back', async () => {
    const course = await oneSeat()
    const enrolling = await startEnrolling(platform, course)
    await payAtProvider(platform, enrolling.clientSecret, 'pm_card_authenticationRequired')
    await platform.provider.post(`/payment_intents/${enrolling.intent}/authenticate`, { outcome: 'failure' })
    await untilStatus(platform, enrolling, 'CANCELLED')
    await expectSeatFree(course)
  })
})

describe('money that comes late', () => {
  test('for a seat that was given up is sent back', async () => {
    const course = await oneSeat()
    const enrolling = await startEnrolling(platform, course)
    await platform.provider.fault({ kind: 'server_error', operation: 'payment_intents.cancel', times: 1_000 })
    await leave(enrolling)
    await untilStatus(platform, enrolling, 'CANCELLED')
    await expectSeatFree(course)
    expect(await payAtProvider(platform, enrolling.clientSecret)).toBe(200)
    await platform.provider.clearFaults()
    await eventually('the money back', async () => (await keptMoney(platform, enrolling)) === 0)
  })

  test('that nobody told of is sent back where the learner has left meanwhile', async () => {
    await platform.provider.fault({ kind: 'webhook_drop', event: 'payment_intent.succeeded' })
    const enrolling = await startEnrolling(platform, await oneSeat())
    await payAtProvider(platform, enrolling.clientSecret)
    await leave(enrolling)
    await untilStatus(platform, enrolling, 'CANCELLED')
    await eventually('the money back', async () => (await keptMoney(platform, enrolling)) === 0)
  })

  test('that nobody told of is found when the time is over, and keeps the seat', async () => {
    await platform.provider.fault({ kind: 'webhook_drop', event: 'payment_intent.succeeded' })
    const before = await startEnrolling(platform, await oneSeat())
    await payAtProvider(platform, before.clientSecret)
    await platform.forward(31 * MINUTE)
    const enrolling = await signInAgain(platform, before)
    await untilStatus(platform, enrolling, 'ACTIVE')
    expect(await keptMoney(platform, enrolling)).toBe(4900)
  })

  test('from a bank that takes longer than that is not taken any more', async () => {
    const course = await oneSeat({ amount: 4900, currency: 'USD' })
    const before = await startEnrolling(platform, course)
    await payAtProvider(platform, before.clientSecret, 'pm_usBankAccount_success')
    await platform.forward(31 * MINUTE)
    const enrolling = await signInAgain(platform, before)
    await untilStatus(platform, enrolling, 'CANCELLED')
    const settled = await platform.provider.post(`/payment_intents/${enrolling.intent}/settle`)
    expect(settled.status).toBe(400)
    await expectSeatFree(course)
  })

  test('stays only with the seat where the learner pays at the moment of leaving', async () => {
    const enrolling = await startEnrolling(platform, await oneSeat())
    await Promise.all([payAtProvider(platform, enrolling.clientSecret), leave(enrolling)])
    await checkMoneyAndSeats(platform)
    const { status } = await eventually('an end', async () => {
      const enrollment = await platform.client.call('GET', `/v1/enrollments/${enrolling.enrollmentId}`, {
        token: enrolling.learner.token,
      })
      const { status } = enrollment.as(z.object({ status: z.string() }))
      return status !== 'PENDING' && { status }
    })
    expect(await keptMoney(platform, enrolling)).toBe(status === 'ACTIVE' ? 4900 : 0)
  })
})
