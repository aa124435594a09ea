import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { EnrollmentId } from '#domain/kernel/ids.ts'
import {
  clientSecretOf,
  enrollmentWithStatus,
  payAtProvider,
  publishCourse,
  type PublishedCourse,
} from './testing/courses.ts'
import { keptMoney } from './testing/enrolling.ts'
import { checkMoneyAndSeats } from './testing/invariants.ts'
import { makePerson, type Person } from './testing/people.ts'
import { eventually } from './testing/poll.ts'
import type { PlatformUnderTest } from './testing/platform.ts'
import { startPlatformUnderTest } from './testing/under-test.ts'

let platform: PlatformUnderTest
let tutor: Person
let course: PublishedCourse
beforeAll(async () => {
  platform = await startPlatformUnderTest()
  tutor = await makePerson(platform, 'learner', 'tutor')
  course = await publishCourse(platform, tutor, {
    title: 'Cheaper',
    price: { amount: 4900, currency: 'EUR' },
    capacity: 5,
  })
})
afterEach(() => checkMoneyAndSeats(platform))
afterAll(() => platform.stop())

const Problem = z.object({ code: z.string() })
const newCode = () => `E2E-${randomUUID().slice(0, 8)}`
const half = { kind: 'percent', percent: 50 } as const
const make = ({ token }: Person, body: object) => platform.client.call('POST', '/v1/coupons', { token, body })
const quote = ({ token }: Person, body: object) => platform.client.call('POST', '/v1/quotes', { token, body })
const enroll = async ({ token }: Person, couponCode: string): Promise<EnrollmentId> => {
  const path = `/v1/course-runs/${course.courseRunId}/enrollments`
  const asked = { token, body: { couponCode } }
  return (await platform.client.expect(202, z.object({ enrollmentId: EnrollmentId }), 'POST', path, asked)).enrollmentId
}

test('a learner asks what it costs with a coupon, enrolls with it, and pays that; the tutor has a share in it', async () => {
  const code = newCode()
  expect((await make(tutor, { code, discount: half, courseIds: [course.courseId] })).status).toBe(201)
  const learner = await makePerson(platform, 'learner')
  const asked = await quote(learner, { courseRunId: course.courseRunId, couponCode: code })
  expect(JSON.parse(asked.text)).toMatchObject({
    discount: { couponCode: code.toUpperCase(), money: { amount: 2450 } },
    total: { amount: 2450, currency: 'EUR' },
  })
  const enrollmentId = await enroll(learner, code)
  const secret = await clientSecretOf(platform, learner, enrollmentId)
  await payAtProvider(platform, secret)
  await enrollmentWithStatus(platform, learner, enrollmentId, 'ACTIVE')
  expect(await keptMoney(platform, { intent: secret.replace(/_secret_.*$/, '') })).toBe(2450)
  await eventually('the invoice', async () => {
    const { text } = await platform.client.call('GET', '/v1/invoices', { token: learner.token })
    return text.includes('"description":"Cheaper"') || undefined
  })
  const earned = await platform.client.call('GET', '/v1/tutors/me/earnings', { token: tutor.token })
  expect(JSON.parse(earned.text)).toMatchObject({ earnings: [{ currency: 'EUR', owed: 1960, onHold: 1960 }] })
  const again = await quote(learner, { courseRunId: course.courseRunId, couponCode: code })
  expect([again.status, again.as(Problem).code]).toEqual([422, 'COUPON_USED'])
})

test('a coupon that is not taken gives the seat back', async () => {
  const learner = await makePerson(platform, 'learner')
  const asked = await quote(learner, { courseRunId: course.courseRunId, couponCode: 'NOBODY-MADE-IT' })
  expect([asked.status, asked.as(Problem).code]).toEqual([422, 'COUPON_UNKNOWN'])
  await enrollmentWithStatus(platform, learner, await enroll(learner, 'NOBODY-MADE-IT'), 'CANCELLED')
})

test('a tutor makes coupons for courses of their own alone', async () => {
  const colleague = await makePerson(platform, 'learner', 'tutor')
  for (const courseIds of [[course.courseId], undefined]) {
    const answer = await make(colleague, { code: newCode(), discount: half, courseIds })
    expect([answer.status, answer.as(Problem).code]).toEqual([422, 'COUPON_COURSES_NOT_OWNED'])
  }
})
