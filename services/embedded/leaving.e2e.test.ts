import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { enrollmentWithStatus, publishCourse, requestSeat } from './testing/courses.ts'
import { startEnrolling, startLearning } from './testing/enrolling.ts'
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

const Copy = z.object({
  status: z.string(),
  archive: z.record(z.string(), z.record(z.string(), z.array(z.unknown()))).optional(),
})
const Erasure = z.object({ status: z.string(), acknowledged: z.array(z.object({ service: z.string() })) })
const EUR = (amount: number) => ({ amount, currency: 'EUR' }) as const

const located = async (method: string, path: string, { token }: Person): Promise<string> => {
  const answer = await platform.client.call(method, path, { token })
  expect(answer.status).toBe(202)
  return z.string().parse(answer.headers.get('location'))
}

test('a learner takes their data along and leaves, and every service lets go of them', async () => {
  const free = await publishCourse(platform, tutor, { title: 'For nothing', price: EUR(0), capacity: 1 })
  const learner = await makePerson(platform, 'learner')
  await enrollmentWithStatus(platform, learner, await requestSeat(platform, learner, free), 'ACTIVE')
  const copyAt = await located('POST', '/v1/users/me/export', learner)
  const { archive } = await eventually('the copy', async () => {
    const copy = await platform.client.expect(200, Copy, 'GET', copyAt, { token: learner.token })
    return copy.status === 'READY' ? copy : undefined
  })
  expect(Object.keys(archive ?? {}).toSorted()).toEqual(['learning', 'payment', 'user'])
  expect(archive?.['learning']?.['enrollments']).toHaveLength(1)

  const erasureAt = await located('DELETE', '/v1/users/me', learner)
  const { acknowledged } = await eventually('the end of the erasure', async () => {
    const erasure = await platform.client.expect(200, Erasure, 'GET', erasureAt)
    return erasure.status === 'CLOSED' ? erasure : undefined
  })
  expect(acknowledged.map(({ service }) => service).toSorted()).toEqual(['learning', 'payment', 'user'])
  // The one seat is free for somebody else.
  await requestSeat(platform, await makePerson(platform, 'learner'), free)
})

test('who leaves in the middle of paying pays nothing, and who has paid keeps the seat for the money', async () => {
  const paying = await publishCourse(platform, tutor, { title: 'To be paid', price: EUR(900), capacity: 1 })
  const paid = await publishCourse(platform, tutor, { title: 'Paid', price: EUR(4900), capacity: 1 })
  const learner = await makePerson(platform, 'learner')
  await startLearning(platform, paid, undefined, learner)
  const { intent } = await startEnrolling(platform, paying, await signIn(platform, learner))
  await located('DELETE', '/v1/users/me', await signIn(platform, learner))
  await eventually('the end of the payment', async () => {
    const { payment_intents: intents } = await platform.provider.ledger()
    return intents.find(({ id }) => id === intent)?.status === 'canceled'
  })
  await requestSeat(platform, await makePerson(platform, 'learner'), paying)
  const late = await makePerson(platform, 'learner')
  const path = `/v1/course-runs/${paid.courseRunId}/enrollments`
  expect((await platform.client.call('POST', path, { token: late.token })).status).toBe(409)
})
