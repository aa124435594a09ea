import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { addMs, HOUR } from '#domain/kernel/clock.ts'
import { type CourseId, type CourseRunId, type EnrollmentId, UserId, WaitlistEntryId } from '#domain/kernel/ids.ts'
import {
  AlreadyEnrolled,
  AlreadyWaiting,
  NotOnWaitlist,
  NotVerified,
  RunFull,
  RunNotFound,
  RunNotFull,
  RunNotOpen,
} from '#domain/learning/errors.ts'
import { WaitlistPromoted } from '#domain/learning/events.ts'
import { CloseWaitlist, LapseHold, ReleaseEnrollment } from '#domain/learning/messages.ts'
import { SEAT_HOLD_MS } from '#domain/learning/waitlist.ts'
import type { UserActor } from '#bus/cqrs/actor.ts'
import { decodeEnvelope } from '#bus/envelope.ts'
import { onFailpoint } from '#bus/failpoints.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { systemIds } from '#services/kit/ids.ts'
import { Sagas } from '#services/kit/ports.ts'
import { ArchiveCourse } from './commands/archive-course.ts'
import { CancelEnrollment } from './commands/cancel-enrollment.ts'
import { JoinWaitlist } from './commands/join-waitlist.ts'
import { LeaveWaitlist } from './commands/leave-waitlist.ts'
import { RequestEnrollment } from './commands/request-enrollment.ts'
import { UpdateCourseRun } from './commands/update-course-run.ts'
import { GetEnrollment } from './queries/get-enrollment.ts'
import { GetWaitlistPlace } from './queries/get-waitlist-place.ts'
import { type Enrolling, outcomeOf, personWith, startEnrolling } from './testing/enrolling.ts'
import { assertInvariants } from './testing/invariants.ts'

let learning: Enrolling
beforeAll(async () => {
  learning = await startEnrolling()
})
afterAll(() => learning.stop())
afterEach(async () => {
  onFailpoint(undefined)
  await assertInvariants(learning.database)
})

const free = { price: { amount: 0, currency: 'EUR' } } as const
const people = (count: number) => Array.from({ length: count }, () => personWith('learner'))
const [one, two, three] = ['first', 'second', 'third'].map(() => personWith('learner'))
if (!one || !two || !three) throw new Error('There are three.')

const request = (courseRunId: CourseRunId, actor: UserActor) =>
  learning.execute(RequestEnrollment, { courseRunId }, actor)
const join = (courseRunId: CourseRunId, actor: UserActor) => learning.execute(JoinWaitlist, { courseRunId }, actor)
const leave = (courseRunId: CourseRunId, actor: UserActor) => learning.execute(LeaveWaitlist, { courseRunId }, actor)
const place = (courseRunId: CourseRunId, actor: UserActor) => learning.ask(GetWaitlistPlace, { courseRunId }, actor)
const release = (enrollmentId: EnrollmentId, key?: string) =>
  learning.send(ReleaseEnrollment, { enrollmentId, reason: 'payment_failed' }, key)

/** A run that these learners fill, each with an unpaid enrollment. */
const fullRun = async (sitting: readonly UserActor[], terms = {}) => {
  const course = await learning.openCourse({ capacity: sitting.length, ...terms })
  const enrollments: EnrollmentId[] = []
  for (const learner of sitting) enrollments.push((await request(course.courseRunId, learner)).enrollmentId)
  const [first] = enrollments
  if (!first) throw new Error('Nobody sits there.')
  return { ...course, enrollments, first }
}

const joinAll = async (courseRunId: CourseRunId, learners: readonly UserActor[]): Promise<void> => {
  for (const learner of learners) await join(courseRunId, learner)
}

/** Whom a seat of the run is or was held for, in order. */
const promotions = async (courseRunId: CourseRunId): Promise<readonly UserId[]> => {
  const rows = await learning.database.run(
    `select w.student_id from learning.waitlist_entries w join learning.saga s on s.key = w.id and s.type = 'SeatHold'
     where w.course_run_id = $1 order by w.place`,
    [courseRunId],
  )
  return rows.map((row) => z.object({ student_id: UserId }).parse(row).student_id)
}

const entryOf = async (courseRunId: CourseRunId, { userId }: UserActor) => {
  const [row] = await learning.database.run(
    'select id, status from learning.waitlist_entries where course_run_id = $1 and student_id = $2 order by place desc',
    [courseRunId, userId],
  )
  return z.object({ id: WaitlistEntryId, status: z.string() }).parse(row)
}

const fireTimers = async (): Promise<void> => {
  await learning.runtime.timers()
  await learning.settle()
}

describe('the waitlist of a full run', () => {
  test('takes learners in their order, and shows each their own place', async () => {
    const { courseRunId } = await fullRun(people(1))
    expect(await join(courseRunId, one)).toEqual({ courseRunId, status: 'WAITING', joinedAt: learning.clock.now() })
    await join(courseRunId, two)
    expect(await place(courseRunId, one)).toMatchObject({ status: 'WAITING', position: 1 })
    expect(await place(courseRunId, two)).toMatchObject({ status: 'WAITING', position: 2 })
    expect(await outcomeOf(place(courseRunId, three))).toBe(NotOnWaitlist.code)
    await leave(courseRunId, one)
    expect(await place(courseRunId, two)).toMatchObject({ position: 1 })
    expect(await outcomeOf(leave(courseRunId, one))).toBe(NotOnWaitlist.code)
  })

  test('is for verified learners who are neither enrolled nor waiting, while no seat is free', async () => {
    const [sitter] = people(1)
    if (!sitter) throw new Error('Nobody.')
    const { courseRunId } = await fullRun([sitter])
    expect(await outcomeOf(join(courseRunId, { ...one, emailVerified: false }))).toBe(NotVerified.code)
    expect(await outcomeOf(join(courseRunId, sitter))).toBe(AlreadyEnrolled.code)
    await join(courseRunId, one)
    expect(await outcomeOf(join(courseRunId, one))).toBe(AlreadyWaiting.code)
    const open = await learning.openCourse()
    const draft = await learning.openCourse({}, { publish: false })
    expect(await outcomeOf(join(open.courseRunId, one))).toBe(RunNotFull.code)
    expect(await outcomeOf(join(draft.courseRunId, one))).toBe(RunNotFound.code)
  })

  test('joined twice at once by one learner has them once', async () => {
    const { courseRunId } = await fullRun(people(1))
    const outcomes = await Promise.all([1, 2, 3].map(() => outcomeOf(join(courseRunId, one))))
    expect(outcomes.toSorted()).toEqual([AlreadyWaiting.code, AlreadyWaiting.code, 'done'])
  })
})

describe('a seat that becomes free', () => {
  test('is held for the first who waits, who alone can enroll, and the world hears of it', async () => {
    const { courseRunId, first } = await fullRun(people(1))
    await joinAll(courseRunId, [one, two])
    const [row] = await learning.database.run(`select coalesce(max(seq), 0)::int as seq from learning.outbox`, [])
    const { seq } = z.object({ seq: z.int() }).parse(row)
    await release(first)
    const written = await learning.database.run(`select envelope from learning.outbox where seq > $1 and type = $2`, [
      seq,
      WaitlistPromoted.type,
    ])
    const told = written.map((entry) => decodeEnvelope(z.object({ envelope: z.string() }).parse(entry).envelope).data)
    const holdUntil = addMs(learning.clock.now(), 24 * HOUR)
    expect(told).toEqual([{ courseRunId, studentId: one.userId, holdUntil }])
    expect(await place(courseRunId, one)).toMatchObject({ status: 'PROMOTED', holdUntil })
    expect(await place(courseRunId, two)).toMatchObject({ status: 'WAITING', position: 1 })
    for (const other of [two, three]) expect(await outcomeOf(request(courseRunId, other))).toBe(RunFull.code)
    expect((await request(courseRunId, one)).status).toBe('PENDING')
    expect(await learning.seats(courseRunId)).toMatchObject({ taken: 0, held: 1 })
    expect(await outcomeOf(place(courseRunId, one))).toBe(NotOnWaitlist.code)
  })

  test('by a free enrollment that is left, a refund, or an abandoned payment passes on', async () => {
    const [sitter] = people(1)
    if (!sitter) throw new Error('Nobody.')
    const left = await fullRun([sitter], free)
    await learning.settle()
    await join(left.courseRunId, one)
    await learning.execute(CancelEnrollment, { enrollmentId: left.first }, sitter)
    expect(await place(left.courseRunId, one)).toMatchObject({ status: 'PROMOTED' })

    const paid = await fullRun([sitter])
    await learning.settle()
    const paymentId = learning.payments.paymentOf(paid.first)
    const purchase = { kind: 'course', refId: paid.first } as const
    const money = { amount: 4900, currency: 'EUR' } as const
    await learning.tell(Payments.PaymentCompleted, {
      paymentId,
      purchase,
      payerId: sitter.userId,
      money,
      completedAt: learning.clock.now(),
    })
    await learning.settle()
    await join(paid.courseRunId, one)
    const refund = {
      refundId: systemIds.next('rfn'),
      paymentId,
      purchase,
      money,
      full: true,
      reason: 'requested_by_payer',
    } as const
    await learning.tell(Payments.RefundProcessed, refund)
    await learning.tell(Payments.RefundProcessed, refund)
    expect(await place(paid.courseRunId, one)).toMatchObject({ status: 'PROMOTED' })

    const abandoned = await fullRun([sitter])
    await learning.settle()
    await join(abandoned.courseRunId, one)
    learning.clock.advance(HOUR)
    await fireTimers()
    expect(await learning.ask(GetEnrollment, { enrollmentId: abandoned.first }, sitter)).toMatchObject({
      status: 'CANCELLED',
    })
    expect(await place(abandoned.courseRunId, one)).toMatchObject({ status: 'PROMOTED' })
  })

  test('released twice by one message passes on once', async () => {
    const { courseRunId, first } = await fullRun(people(1))
    await joinAll(courseRunId, [one, two])
    await Promise.all([release(first, 'the same'), release(first, 'the same'), release(first)])
    expect(await promotions(courseRunId)).toEqual([one.userId])
  })

  test('by a higher capacity goes to those who wait before all others', async () => {
    const tutor = personWith('tutor')
    const course = await learning.openCourse({ capacity: 1 }, { tutorId: tutor.userId })
    const { courseRunId } = course
    await request(courseRunId, personWith('learner'))
    await joinAll(courseRunId, [one, two])
    const raise = (capacity: number, expectedVersion: number) =>
      learning.execute(UpdateCourseRun, { courseRunId, capacity, expectedVersion }, tutor)
    await raise(2, 1)
    expect(await promotions(courseRunId)).toEqual([one.userId])
    expect(await outcomeOf(request(courseRunId, three))).toBe(RunFull.code)
    await raise(4, 2)
    expect(await promotions(courseRunId)).toEqual([one.userId, two.userId])
    expect((await request(courseRunId, three)).status).toBe('PENDING')
  })

  test('of a course that is taken out of the catalog goes to nobody, and nobody waits any longer', async () => {
    const tutor = personWith('tutor')
    const { courseId, courseRunId } = await learning.openCourse({ capacity: 1 }, { tutorId: tutor.userId })
    const { enrollmentId } = await request(courseRunId, personWith('learner'))
    const many = people(101)
    await joinAll(courseRunId, many)
    await learning.execute(ArchiveCourse, { courseId }, tutor)
    const asked = `select 1 from learning.outbox where key = $1 and type = 'course.close_waitlist'`
    expect(await learning.database.run(asked, [courseRunId])).toHaveLength(1)
    await Promise.all([learning.send(CloseWaitlist, { courseRunId }), learning.send(CloseWaitlist, { courseRunId })])
    await learning.send(CloseWaitlist, { courseRunId })
    const places = await Promise.all(many.map((learner) => outcomeOf(place(courseRunId, learner))))
    expect(new Set(places)).toEqual(new Set([NotOnWaitlist.code]))
    await release(enrollmentId)
    expect(await promotions(courseRunId)).toEqual([])
    expect(await learning.seats(courseRunId)).toMatchObject({ taken: 0, held: 0 })
  })

  test('of a course that is being taken out of the catalog keeps nobody who joins in that moment', async () => {
    const tutor = personWith('tutor')
    const filled = async () => {
      const course = await learning.openCourse({ capacity: 1 }, { tutorId: tutor.userId })
      await request(course.courseRunId, personWith('learner'))
      return course
    }
    /** Does the other thing before the first commits. */
    const meanwhile = (work: () => Promise<unknown>): void => {
      onFailpoint(async (name) => {
        if (name !== 'learning.flush.before_commit') return
        onFailpoint(undefined)
        await work()
      })
    }
    const archive = ({ courseId }: { courseId: CourseId }) => learning.execute(ArchiveCourse, { courseId }, tutor)

    const closed = await filled()
    meanwhile(() => archive(closed))
    expect(await outcomeOf(join(closed.courseRunId, one))).toBe(RunNotOpen.code)

    const closing = await filled()
    meanwhile(() => join(closing.courseRunId, one))
    await archive(closing)
    expect(await place(closing.courseRunId, one)).toMatchObject({ status: 'WAITING' })
    const asked = `select 1 from learning.outbox where key = $1 and type = 'course.close_waitlist'`
    expect(await learning.database.run(asked, [closing.courseRunId])).toHaveLength(1)
    await learning.send(CloseWaitlist, { courseRunId: closing.courseRunId })
    expect(await outcomeOf(place(closing.courseRunId, one))).toBe(NotOnWaitlist.code)
  })

  test('many at once, while others ask for them, go to exactly the first who wait', async () => {
    const sitting = people(8)
    const waiting = people(12)
    const { courseRunId, enrollments } = await fullRun(sitting)
    await joinAll(courseRunId, waiting)
    const outsiders = people(8).map((learner) => outcomeOf(request(courseRunId, learner)))
    await Promise.all(enrollments.map((id) => release(id)))
    expect(new Set(await Promise.all(outsiders))).toEqual(new Set([RunFull.code]))
    expect(await promotions(courseRunId)).toEqual(waiting.slice(0, 8).map(({ userId }) => userId))
    expect(await learning.seats(courseRunId)).toMatchObject({ taken: 0, held: 8 })
    const outcomes = await Promise.all(waiting.map((learner) => outcomeOf(request(courseRunId, learner))))
    expect(outcomes).toEqual([...Array<string>(8).fill('done'), ...Array<string>(4).fill(RunFull.code)])
  })

  test('while others join and leave at once is free for nobody but the first', async () => {
    const sitting = people(4)
    const [quitter, ...others] = people(6)
    if (!quitter) throw new Error('Nobody.')
    const { courseRunId, enrollments } = await fullRun(sitting)
    await joinAll(courseRunId, [quitter])
    await Promise.all([
      ...enrollments.map((id) => release(id)),
      ...others.map((learner) => outcomeOf(join(courseRunId, learner))),
      outcomeOf(leave(courseRunId, quitter)),
    ])
    // The invariants say that no seat is free while somebody waits.
    await assertInvariants(learning.database)
  })
})

describe('a held seat', () => {
  const promoted = async () => {
    const run = await fullRun(people(1))
    await joinAll(run.courseRunId, [one, two])
    await release(run.first)
    await learning.settle()
    return { ...run, entryId: (await entryOf(run.courseRunId, one)).id }
  }
  const lapse = (entryId: WaitlistEntryId, key?: string) => learning.send(LapseHold, { entryId, when: 'due' }, key)

  test('that is not taken within 24 hours passes on to the next, and then to nobody', async () => {
    const { courseRunId } = await promoted()
    learning.clock.advance(SEAT_HOLD_MS - 1)
    await fireTimers()
    expect(await place(courseRunId, one)).toMatchObject({ status: 'PROMOTED' })
    learning.clock.advance(1)
    expect(await outcomeOf(request(courseRunId, one))).toBe(RunFull.code)
    await fireTimers()
    expect(await outcomeOf(place(courseRunId, one))).toBe(NotOnWaitlist.code)
    expect(await place(courseRunId, two)).toMatchObject({ status: 'PROMOTED' })
    learning.clock.advance(SEAT_HOLD_MS)
    await fireTimers()
    expect(await learning.seats(courseRunId)).toMatchObject({ taken: 0, held: 0 })
    expect((await request(courseRunId, three)).status).toBe('PENDING')
  })

  test('is given up once, however often and early its end is told', async () => {
    const { courseRunId, entryId } = await promoted()
    await lapse(entryId)
    expect(await promotions(courseRunId)).toEqual([one.userId])
    learning.clock.advance(SEAT_HOLD_MS)
    await Promise.all([lapse(entryId, 'told'), lapse(entryId, 'told'), lapse(entryId)])
    await lapse(entryId)
    expect(await promotions(courseRunId)).toEqual([one.userId, two.userId])
    expect(await entryOf(courseRunId, one)).toMatchObject({ status: 'LAPSED' })
    expect(await learning.seats(courseRunId)).toMatchObject({ held: 1 })
  })

  test('that became an enrollment is not given up when its time comes', async () => {
    const { courseRunId } = await promoted()
    await request(courseRunId, one)
    learning.clock.advance(SEAT_HOLD_MS)
    await lapse((await entryOf(courseRunId, one)).id)
    expect(await promotions(courseRunId)).toEqual([one.userId])
    expect(await entryOf(courseRunId, one)).toMatchObject({ status: 'ENROLLED' })
  })

  test('that is left passes on at once', async () => {
    const { courseRunId } = await promoted()
    await leave(courseRunId, one)
    expect(await place(courseRunId, two)).toMatchObject({ status: 'PROMOTED' })
  })

  test('passes on when an admin turns its saga back', async () => {
    const { courseRunId, entryId } = await promoted()
    const { store } = learning.stores
    const tx = store.begin(learning.clock.now(), { correlationId: 'cor' })
    await learning.runtime.resolve(Sagas).cancel(tx, 'SeatHold', entryId)
    await store.flush(tx)
    await learning.settle()
    expect(await entryOf(courseRunId, one)).toMatchObject({ status: 'LAPSED' })
    expect(await place(courseRunId, two)).toMatchObject({ status: 'PROMOTED' })
  })

  test.each([
    'learning.saga.SeatHold.before_timer',
    'learning.flush.before_commit',
    'learning.flush.after_commit',
    'learning.saga.SeatHold.after_timer',
  ])('passes on once when the process dies at %s of its timer', async (where) => {
    const { courseRunId } = await promoted()
    learning.clock.advance(SEAT_HOLD_MS)
    onFailpoint((name) => {
      if (name === where) throw new Error('The process died.')
    })
    await expect(learning.runtime.timers()).rejects.toThrow(AggregateError)
    onFailpoint(undefined)
    await fireTimers()
    await fireTimers()
    expect(await promotions(courseRunId)).toEqual([one.userId, two.userId])
    expect(await place(courseRunId, two)).toMatchObject({ status: 'PROMOTED' })
  })
})
