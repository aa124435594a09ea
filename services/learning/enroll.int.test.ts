import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { DAY } from '#domain/kernel/clock.ts'
import type { CourseRunId, EnrollmentId } from '#domain/kernel/ids.ts'
import { AlreadyEnrolled, NotVerified, RunFull, RunNotFound, RunNotOpen } from '#domain/learning/errors.ts'
import type { UserActor } from '#bus/cqrs/actor.ts'
import { CancelEnrollment } from './commands/cancel-enrollment.ts'
import { RequestEnrollment } from './commands/request-enrollment.ts'
import { GetEnrollment } from './queries/get-enrollment.ts'
import { assertInvariants } from './testing/invariants.ts'
import { type Enrolling, outcomeOf, personWith, startEnrolling } from './testing/enrolling.ts'

let learning: Enrolling
beforeAll(async () => {
  learning = await startEnrolling()
})
afterAll(() => learning.stop())
afterEach(() => assertInvariants(learning.database))

const free = { price: { amount: 0, currency: 'EUR' } } as const
const request = (courseRunId: CourseRunId, actor: UserActor, key?: string) =>
  learning.execute(RequestEnrollment, { courseRunId }, actor, key)

describe('requesting an enrollment', () => {
  test('takes three statements: the key, one read, one flush', async () => {
    const { courseRunId } = await learning.openCourse()
    await request(courseRunId, personWith('learner'))
    const before = learning.database.statements()
    const { status } = await request(courseRunId, personWith('learner'))
    expect(learning.database.statements() - before).toBe(3)
    expect(status).toBe('PENDING')
    expect(await learning.seats(courseRunId)).toMatchObject({ taken: 0, held: 2 })
  })

  test('with one key is one enrollment', async () => {
    const { courseRunId } = await learning.openCourse()
    const learner = personWith('learner')
    const first = await request(courseRunId, learner, 'key of mine')
    expect(await request(courseRunId, learner, 'key of mine')).toEqual(first)
    expect(await learning.seats(courseRunId)).toMatchObject({ held: 1 })
  })

  test('needs a verified address, an open run of a public course, and no enrollment yet', async () => {
    const { courseRunId } = await learning.openCourse()
    const draft = await learning.openCourse({}, { publish: false })
    const learner = personWith('learner')
    expect(await outcomeOf(request(courseRunId, { ...learner, emailVerified: false }))).toBe(NotVerified.code)
    expect(await outcomeOf(request(draft.courseRunId, learner))).toBe(RunNotFound.code)
    await request(courseRunId, learner)
    expect(await outcomeOf(request(courseRunId, learner))).toBe(AlreadyEnrolled.code)
    learning.clock.advance(30 * DAY)
    expect(await outcomeOf(request(courseRunId, personWith('learner')))).toBe(RunNotOpen.code)
    learning.clock.advance(-30 * DAY)
  })

  test('is open to the tutor of the course', async () => {
    const tutor = personWith('tutor')
    const { courseRunId } = await learning.openCourse(free, { tutorId: tutor.userId })
    expect((await request(courseRunId, tutor)).status).toBe('PENDING')
  })

  test('of the last seat by two at once gives it to one, and fills the run once', async () => {
    const { courseRunId } = await learning.openCourse({ capacity: 1 })
    const outcomes = await Promise.all(
      [personWith('learner'), personWith('learner')].map((learner) => outcomeOf(request(courseRunId, learner))),
    )
    expect(outcomes.toSorted()).toEqual([RunFull.code, 'done'])
    expect(await learning.seats(courseRunId)).toEqual({ taken: 0, held: 1, fullness: 1 })
  })

  test('twice at once by one learner makes one enrollment', async () => {
    const { courseRunId } = await learning.openCourse({ capacity: 5 })
    const learner = personWith('learner')
    const outcomes = await Promise.all([1, 2, 3].map(() => outcomeOf(request(courseRunId, learner))))
    expect(outcomes.toSorted()).toEqual([AlreadyEnrolled.code, AlreadyEnrolled.code, 'done'])
    expect(await learning.seats(courseRunId)).toMatchObject({ held: 1 })
  })

  test('by 200 at once for 50 seats holds exactly 50', async () => {
    const { courseRunId } = await learning.openCourse({ capacity: 50 })
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, () => outcomeOf(request(courseRunId, personWith('learner')))),
    )
    expect(Map.groupBy(outcomes, (outcome) => outcome).get('done')).toHaveLength(50)
    expect(new Set(outcomes)).toEqual(new Set(['done', RunFull.code]))
    expect(await learning.seats(courseRunId)).toEqual({ taken: 0, held: 50, fullness: 1 })
  })
})

describe('the way to access', () => {
  const view = (enrollmentId: EnrollmentId, actor: UserActor) => learning.ask(GetEnrollment, { enrollmentId }, actor)

  test('of a free run needs no payment', async () => {
    const { courseRunId } = await learning.openCourse(free)
    const learner = personWith('learner')
    const { enrollmentId } = await request(courseRunId, learner)
    await learning.settle()
    expect(await view(enrollmentId, learner)).toMatchObject({ status: 'ACTIVE', hasAccess: true })
    expect(await learning.seats(courseRunId)).toMatchObject({ taken: 1, held: 0 })
  })

  test('shows the payment as soon as it is open', async () => {
    const { courseRunId } = await learning.openCourse()
    const learner = personWith('learner')
    const { enrollmentId } = await request(courseRunId, learner)
    await learning.settle()
    const paymentId = learning.payments.paymentOf(enrollmentId)
    expect(await view(enrollmentId, learner)).toMatchObject({ status: 'PENDING', paymentId, hasAccess: false })
  })

  test('that is left before the payment gives the seat back', async () => {
    const { courseRunId } = await learning.openCourse({ capacity: 1 })
    const learner = personWith('learner')
    const { enrollmentId } = await request(courseRunId, learner)
    await learning.settle()
    await learning.execute(CancelEnrollment, { enrollmentId }, learner)
    await learning.settle()
    expect(await view(enrollmentId, learner)).toMatchObject({ status: 'CANCELLED', endReason: 'cancelled' })
    expect(await learning.seats(courseRunId)).toEqual({ taken: 0, held: 0, fullness: 2 })
    expect((await request(courseRunId, learner)).status).toBe('PENDING')
  })

  test('can be left again while the seat goes back and afterwards: the answer to the first time may be lost', async () => {
    const { courseRunId } = await learning.openCourse({ capacity: 1 })
    const learner = personWith('learner')
    const { enrollmentId } = await request(courseRunId, learner)
    await learning.settle()
    const leave = () => learning.execute(CancelEnrollment, { enrollmentId }, learner)
    expect(await leave()).toEqual({ enrollmentId, status: 'PENDING' })
    expect(await leave()).toEqual({ enrollmentId, status: 'PENDING' })
    await learning.settle()
    expect(await leave()).toEqual({ enrollmentId, status: 'CANCELLED' })
    expect(await learning.seats(courseRunId)).toEqual({ taken: 0, held: 0, fullness: 2 })
  })
})
