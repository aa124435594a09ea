import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { EnrollmentId } from '#domain/kernel/ids.ts'
import postgres from 'postgres'
import { z } from 'zod'
import {
  clientSecretOf,
  enrollmentWithStatus,
  payAtProvider,
  type PublishedCourse,
  publishCourse,
} from './testing/courses.ts'
import { signedInCrowd } from './testing/crowd.ts'
import { checkMoneyAndSeats } from './testing/invariants.ts'
import { callPatiently, type PatientAnswer } from './testing/patient.ts'
import { makePerson, type Person } from './testing/people.ts'
import type { PlatformUnderTest } from './testing/platform.ts'
import { startPlatformUnderTest } from './testing/under-test.ts'

let platform: PlatformUnderTest
let tutor: Person
beforeAll(async () => {
  platform = await startPlatformUnderTest()
  tutor = await makePerson(platform, 'learner', 'tutor')
})
afterEach(() => checkMoneyAndSeats(platform))
afterAll(() => platform.stop())

const price = { amount: 4900, currency: 'EUR' } as const
const Problem = z.object({ code: z.string() })
const Requested = z.object({ enrollmentId: EnrollmentId })

interface Asked extends PatientAnswer {
  readonly learner: Person
}

const ask = async (learner: Person, { courseRunId }: PublishedCourse): Promise<Asked> => {
  const path = `/v1/course-runs/${courseRunId}/enrollments`
  return { learner, ...(await callPatiently(platform.client, 'POST', path, { token: learner.token })) }
}
const admitted = (asked: readonly Asked[]): Asked[] => asked.filter(({ answer }) => answer.status === 202)
const refusals = (asked: readonly Asked[]): string[] =>
  asked.filter(({ answer }) => answer.status !== 202).map(({ answer }) => `${answer.status} ${answer.as(Problem).code}`)

const pay = async ({ learner, answer }: Asked): Promise<void> => {
  const { enrollmentId } = answer.as(Requested)
  expect(await payAtProvider(platform, await clientSecretOf(platform, learner, enrollmentId))).toBe(200)
  await enrollmentWithStatus(platform, learner, enrollmentId, 'ACTIVE')
}

const Seats = z.tuple([z.object({ taken: z.int(), held: z.int(), active: z.coerce.number() })])
const seatsOf = async ({ courseRunId }: PublishedCourse) => {
  const sql = postgres(platform.databaseUrl, { max: 1 })
  const rows = await sql`
    select seats_taken as taken, seats_held as held,
      (select count(*) from learning.enrollments where course_run_id = r.id and status = 'ACTIVE') as active
    from learning.course_runs r where id = ${courseRunId}`
  await sql.end()
  return Seats.parse([...rows])[0]
}
const keptCharges = async (): Promise<number> => {
  const { charges, refunds } = await platform.provider.ledger()
  return charges.filter(({ status }) => status === 'succeeded').length - refunds.length
}

describe('seats', () => {
  test('two learners race for the last one: one gets it, the other 409, and nobody pays for nothing', async () => {
    const course = await publishCourse(platform, tutor, { title: 'The last seat', price, capacity: 1 })
    const learners = await signedInCrowd(platform, 2)
    const asked = await Promise.all(learners.map((learner) => ask(learner, course)))
    expect(refusals(asked)).toEqual(['409 RUN_FULL'])
    const before = await keptCharges()
    for (const each of admitted(asked)) await pay(each)
    expect((await keptCharges()) - before).toBe(1)
    expect(await seatsOf(course)).toEqual({ taken: 1, held: 0, active: 1 })
  })

  test('200 learners at once for 50 seats: 50 get one and pay, 150 hear 409, and nothing else', async () => {
    const course = await publishCourse(platform, tutor, { title: 'Fifty seats', price, capacity: 50 })
    const learners = await signedInCrowd(platform, 200)
    const before = await keptCharges()
    const startMs = performance.now()
    const asked = await Promise.all(learners.map((learner) => ask(learner, course)))
    const askedMs = performance.now() - startMs
    expect(refusals(asked)).toEqual(Array.from({ length: 150 }, () => '409 RUN_FULL'))
    await Promise.all(admitted(asked).map(pay))
    const paidMs = performance.now() - startMs - askedMs
    const putOff = asked.reduce((sum, each) => sum + each.putOff, 0)
    process.stdout.write(
      `200 for 50 seats: answered in ${askedMs.toFixed(0)} ms (${putOff} times 503), paid in ${paidMs.toFixed(0)} ms\n`,
    )
    expect(await seatsOf(course)).toEqual({ taken: 50, held: 0, active: 50 })
    expect((await keptCharges()) - before).toBe(50)
  })
})
