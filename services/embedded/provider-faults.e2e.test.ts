import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { payAtProvider, type PublishedCourse, publishCourse } from './testing/courses.ts'
import { keptMoney, startEnrolling, startLearning, untilNoAccess, untilStatus } from './testing/enrolling.ts'
import { checkMoneyAndSeats } from './testing/invariants.ts'
import { makePerson } from './testing/people.ts'
import type { PlatformUnderTest } from './testing/platform.ts'
import { startPlatformUnderTest } from './testing/under-test.ts'

const price = { amount: 4900, currency: 'EUR' } as const
let platform: PlatformUnderTest
let course: PublishedCourse
beforeAll(async () => {
  platform = await startPlatformUnderTest()
  const tutor = await makePerson(platform, 'learner', 'tutor')
  course = await publishCourse(platform, tutor, { title: 'In rough weather', price, capacity: 1_000 })
})
afterEach(() => checkMoneyAndSeats(platform))
afterAll(() => platform.stop())

/** Every fault that was ordered has happened. */
const expectFaultsOver = async (): Promise<void> => expect(await platform.provider.waitingFaults()).toEqual([])

const create = { operation: 'payment_intents.create' } as const

describe('one charge and one seat, whatever the provider does', () => {
  test.each([
    ['asks to come back later', { kind: 'rate_limit', times: 2, ...create }],
    ['fails before it has done anything', { kind: 'server_error', times: 2, ...create }],
    ['fails after it has done it', { kind: 'server_error_after_effect', ...create }],
    ['loses the request', { kind: 'lose_request', times: 2, ...create }],
    ['does it and loses the answer', { kind: 'lose_answer', times: 2, ...create }],
    ['is silent after it has done it', { kind: 'time_out', before: 'answer', delayMs: 2_500, ...create }],
    ['asks for authentication', { kind: 'require_action' }],
    ['takes its time to charge', { kind: 'process' }],
    ['says everything five times', { kind: 'webhook_repeat', event: 'payment_intent.succeeded', count: 5 }],
    ['says it late, after what came later', { kind: 'webhook_delay', event: 'payment_intent.succeeded', delayMs: 700 }],
    ['says it before it answers', { kind: 'webhook_race', event: 'payment_intent.succeeded' }],
    ['says that there is an intent before it answers', { kind: 'webhook_race', event: 'payment_intent.created' }],
  ])('when it %s', async (_, fault) => {
    await platform.provider.fault(fault)
    const enrolling = await startEnrolling(platform, course)
    await payAtProvider(platform, enrolling.clientSecret)
    // Where they are not asked for, these two are refused.
    await platform.provider.post(`/payment_intents/${enrolling.intent}/authenticate`)
    await platform.provider.post(`/payment_intents/${enrolling.intent}/settle`)
    await untilStatus(platform, enrolling, 'ACTIVE')
    expect(await keptMoney(platform, enrolling)).toBe(4900)
    await expectFaultsOver()
  })

  test('when it charges and loses the answer to the payer, who tries again', async () => {
    await platform.provider.fault({ kind: 'lose_answer', operation: 'payment_intents.confirm' })
    const enrolling = await startEnrolling(platform, course)
    await expect(payAtProvider(platform, enrolling.clientSecret)).rejects.toThrow('fetch failed')
    expect(await payAtProvider(platform, enrolling.clientSecret)).not.toBe(402)
    await untilStatus(platform, enrolling, 'ACTIVE')
    expect(await keptMoney(platform, enrolling)).toBe(4900)
  })

  test('when it declines for once', async () => {
    await platform.provider.fault({ kind: 'decline', declineCode: 'insufficient_funds' })
    const enrolling = await startEnrolling(platform, course)
    expect(await payAtProvider(platform, enrolling.clientSecret)).toBe(402)
    expect((await untilStatus(platform, enrolling, 'CANCELLED')).endReason).toBe('payment_failed')
  })

  test('when it says nothing at all, and its books are compared', async () => {
    await platform.provider.fault({ kind: 'webhook_drop', event: 'payment_intent.succeeded' })
    const enrolling = await startEnrolling(platform, course)
    await payAtProvider(platform, enrolling.clientSecret)
    const admin = await makePerson(platform, 'learner', 'admin')
    const comparison = { token: admin.token, body: {} }
    await platform.client.expect(202, z.unknown(), 'POST', '/v1/reconciliations', comparison)
    await untilStatus(platform, enrolling, 'ACTIVE')
  })
})

describe('one refund, whatever the provider does', () => {
  test.each([
    ['loses the answer', { kind: 'lose_answer', times: 2, operation: 'refunds.create' }],
    ['fails after the effect', { kind: 'server_error_after_effect', operation: 'refunds.create' }],
  ])('when it %s', async (_, fault) => {
    const enrolling = await startLearning(platform, course)
    await platform.provider.fault(fault)
    const { token } = enrolling.learner
    await platform.client.expect(202, z.unknown(), 'DELETE', `/v1/enrollments/${enrolling.enrollmentId}`, { token })
    await untilNoAccess(platform, enrolling)
    expect(await keptMoney(platform, enrolling)).toBe(0)
    await expectFaultsOver()
  })
})
