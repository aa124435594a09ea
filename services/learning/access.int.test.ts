import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { addMs, DAY, type Instant, msBetween } from '#domain/kernel/clock.ts'
import type { CourseId, CourseRunId, EnrollmentId, PaymentId } from '#domain/kernel/ids.ts'
import {
  AlreadyEnrolled,
  CancellationWindowClosed,
  CourseNotFound,
  EnrollmentClosed,
  EnrollmentNotFound,
  ExtensionInPast,
  GrantInUse,
  GrantRevoked,
  NotCourseOwner,
  NotEnrolled,
  NothingToExtend,
  PaymentMismatch,
  RunFull,
  RunNotFound,
} from '#domain/learning/errors.ts'
import { NOW } from '#domain/learning/examples.ts'
import type { UserActor } from '#bus/cqrs/actor.ts'
import { InvalidCursor } from '#services/kit/http/cursor.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { systemIds } from '#services/kit/ids.ts'
import { CancelEnrollment } from './commands/cancel-enrollment.ts'
import { ExtendAccess } from './commands/extend-access.ts'
import { JoinWaitlist } from './commands/join-waitlist.ts'
import { LeaveWaitlist } from './commands/leave-waitlist.ts'
import { RequestEnrollment } from './commands/request-enrollment.ts'
import { GetCourseContent } from './queries/get-course-content.ts'
import { expireEnrollments } from './jobs/expire-enrollments.ts'
import { GetEnrollment } from './queries/get-enrollment.ts'
import { GetWaitlistPlace } from './queries/get-waitlist-place.ts'
import { ListCourseEnrollments } from './queries/list-course-enrollments.ts'
import { ListMyEnrollments } from './queries/list-my-enrollments.ts'
import { type Enrolling, outcomeOf, personWith, startEnrolling } from './testing/enrolling.ts'
import { assertInvariants } from './testing/invariants.ts'

let learning: Enrolling
beforeAll(async () => {
  learning = await startEnrolling()
})
afterAll(() => learning.stop())
afterEach(() => assertInvariants(learning.database))

const money = { amount: 4900, currency: 'EUR' } as const
const free = { price: { amount: 0, currency: 'EUR' } } as const

/** A learner with a requested enrollment, and the facts about it that a test lets happen. */
const requested = async (terms: Parameters<Enrolling['openCourse']>[0] = {}) => {
  const course = await learning.openCourse(terms)
  const learner = personWith('learner')
  const { enrollmentId } = await learning.execute(RequestEnrollment, { courseRunId: course.courseRunId }, learner)
  const paymentId = learning.payments.paymentOf(enrollmentId)
  const facts = factsOf(enrollmentId, paymentId)
  const view = (actor: UserActor = learner) => learning.ask(GetEnrollment, { enrollmentId }, actor)
  const cancel = (actor: UserActor = learner) => learning.execute(CancelEnrollment, { enrollmentId }, actor)
  return { ...course, learner, enrollmentId, paymentId, ...facts, view, cancel }
}

const factsOf = (enrollmentId: EnrollmentId, paymentId: PaymentId) => {
  const keys = { record: systemIds.next('msg'), activate: systemIds.next('msg'), refund: systemIds.next('msg') }
  const purchase = { kind: 'course', refId: enrollmentId } as const
  const grant = { source: 'purchase', ref: paymentId } as const
  const refundId = systemIds.next('rfn')
  const refund = { refundId, paymentId, purchase, money, reason: 'requested_by_admin' } as const
  return {
    record: () => learning.send(Learning.RecordPayment, { enrollmentId, paymentId }, keys.record),
    activate: () => learning.send(Learning.ActivateEnrollment, { enrollmentId, grant, paymentId }, keys.activate),
    refunded: (full = true) => learning.tell(Payments.RefundProcessed, { ...refund, full }, keys.refund),
  }
}

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]))

describe('facts about a purchase', () => {
  test('end in the same state in every order, each of them repeated', async () => {
    for (const order of permutations(['record', 'activate', 'refunded'] as const)) {
      const enrollment = await requested()
      for (const fact of [...order, ...order]) await enrollment[fact]()
      const { status, hasAccess, endReason, paymentId } = await enrollment.view()
      expect({ status, hasAccess, endReason }, order.join()).toEqual({
        status: 'EXPIRED',
        hasAccess: false,
        endReason: 'refunded',
      })
      expect(paymentId).toBe(enrollment.paymentId)
      expect(await learning.seats(enrollment.courseRunId)).toMatchObject({ taken: 0, held: 0 })
    }
  })

  test('a repeated activation takes one seat and gets the first answer again', async () => {
    const { activate, courseRunId, view } = await requested()
    expect(await Promise.all([activate(), activate()])).toEqual(['done', 'done'])
    expect(await learning.seats(courseRunId)).toMatchObject({ taken: 1, held: 0 })
    expect((await view()).hasAccess).toBe(true)
  })

  test('a refund before the activation declines it, a partial one does not', async () => {
    const full = await requested()
    await full.refunded()
    expect(await full.activate()).toBe(GrantRevoked.code)
    const partial = await requested()
    await partial.refunded(false)
    expect(await partial.activate()).toBe('done')
  })

  test('an activation after the release is declined, and a release after the activation changes nothing', async () => {
    const early = await requested()
    const release = (enrollmentId: EnrollmentId) =>
      learning.send(Learning.ReleaseEnrollment, { enrollmentId, reason: 'payment_failed' })
    await release(early.enrollmentId)
    expect(await early.activate()).toBe(EnrollmentClosed.code)
    expect(await early.view()).toMatchObject({ status: 'CANCELLED', endReason: 'payment_failed' })
    const late = await requested()
    await late.activate()
    expect(await release(late.enrollmentId)).toBe('done')
    expect((await late.view()).status).toBe('ACTIVE')
  })

  test('an expired enrollment comes back to a free seat only, and not beside a newer one', async () => {
    const { refunded, enrollmentId, courseRunId, learner } = await requested({ capacity: 1 })
    const grant = { source: 'admin', ref: systemIds.next('grant') } as const
    const comeBack = () => learning.send(Learning.ActivateEnrollment, { enrollmentId, grant })
    await refunded()
    const other = personWith('learner')
    const taken = await learning.execute(RequestEnrollment, { courseRunId }, other)
    expect(await comeBack()).toBe(RunFull.code)
    await learning.send(Learning.ReleaseEnrollment, { enrollmentId: taken.enrollmentId, reason: 'payment_failed' })
    const newer = await learning.execute(RequestEnrollment, { courseRunId }, learner)
    expect(await comeBack()).toBe(AlreadyEnrolled.code)
    await learning.send(Learning.ReleaseEnrollment, { enrollmentId: newer.enrollmentId, reason: 'payment_failed' })
    expect(await comeBack()).toBe('done')
    expect(await learning.seats(courseRunId)).toMatchObject({ taken: 1, held: 0 })
  })

  test('of another payment or of no enrollment are declined', async () => {
    const { enrollmentId, record } = await requested()
    await record()
    const other = factsOf(enrollmentId, systemIds.next('pay'))
    expect(await other.record()).toBe(PaymentMismatch.code)
    const unknown = factsOf(systemIds.next('enr'), systemIds.next('pay'))
    expect(await unknown.activate()).toBe(EnrollmentNotFound.code)
    await unknown.refunded()
  })
})

describe('leaving', () => {
  test('what is free ends at once, and only once', async () => {
    const { cancel, view, courseRunId } = await requested(free)
    await learning.settle()
    expect((await cancel()).status).toBe('CANCELLED')
    expect(await view()).toMatchObject({ status: 'CANCELLED', hasAccess: false, endReason: 'cancelled' })
    expect((await cancel()).status).toBe('CANCELLED')
    expect(await learning.seats(courseRunId)).toMatchObject({ taken: 0, held: 0 })
  })

  test('what was paid asks once for the money, and ends when it is back', async () => {
    const { activate, cancel, view, refunded, enrollmentId, paymentId } = await requested()
    await activate()
    expect((await cancel()).status).toBe('ACTIVE')
    await cancel()
    await learning.settle()
    const asked = learning.payments.requests.filter(
      ({ type, subject }) => type === Payments.RefundPayment.type && subject === enrollmentId,
    )
    expect(new Set(asked.map(({ idempotencykey }) => idempotencykey)).size).toBe(1)
    expect(asked[0]?.data).toMatchObject({ paymentId, reason: 'enrollment_cancelled' })
    expect((await view()).hasAccess).toBe(true)
    await refunded()
    expect(await view()).toMatchObject({ status: 'EXPIRED', hasAccess: false, endReason: 'refunded' })
  })

  test('is refused 14 days after access began', async () => {
    const { activate, cancel } = await requested()
    await activate()
    learning.clock.advance(14 * DAY + 1)
    expect(await outcomeOf(cancel())).toBe(CancellationWindowClosed.code)
    learning.clock.advance(-14 * DAY - 1)
  })

  test('a foreign enrollment is as impossible as a missing one', async () => {
    const { cancel, tutorId } = await requested()
    expect(await outcomeOf(cancel(personWith('learner')))).toBe(EnrollmentNotFound.code)
    expect(await outcomeOf(cancel({ ...personWith('tutor'), userId: tutorId }))).toBe(EnrollmentNotFound.code)
  })
})

describe('access without a payment', () => {
  const until = addMs(NOW, 10 * DAY)
  const voucher = (validUntil?: Instant) =>
    ({ source: 'voucher', ref: systemIds.next('key'), ...(validUntil && { validUntil }) }) as const
  const enroll = (courseRunId: CourseRunId, { userId }: UserActor, grant: ReturnType<typeof voucher>) =>
    learning.answer(Learning.EnrollStudent, { courseRunId, studentId: userId, grant })
  const refusal = (courseRunId: CourseRunId, { userId: studentId }: UserActor, grant: ReturnType<typeof voucher>) =>
    learning.send(Learning.EnrollStudent, { courseRunId, studentId, grant })
  const look = (enrollmentId: EnrollmentId, actor: UserActor) => learning.ask(GetEnrollment, { enrollmentId }, actor)
  const extend = (enrollmentId: EnrollmentId, end: Instant) =>
    learning.execute(ExtendAccess, { enrollmentId, until: end }, personWith('admin'))
  const runOut = () => expireEnrollments.bind(learning.runtime.resolve)()
  afterEach(() => learning.clock.advance(msBetween(learning.clock.now(), NOW)))

  test('enrolls whom other services name, once for each grant, however often and at once they ask', async () => {
    const { courseRunId } = await learning.openCourse({ capacity: 1 })
    const learner = personWith('learner')
    const grant = voucher(until)
    const answers = await Promise.all(Array.from({ length: 5 }, () => enroll(courseRunId, learner, grant)))
    expect(new Set(answers.map(({ enrollmentId }) => enrollmentId)).size).toBe(1)
    const [answer] = answers
    if (!answer) throw new Error('There are five.')
    expect(await look(answer.enrollmentId, learner)).toMatchObject({
      status: 'ACTIVE',
      hasAccess: true,
      accessUntil: until,
    })
    expect(await learning.seats(courseRunId)).toMatchObject({ taken: 1, held: 0 })
    expect(await refusal(courseRunId, personWith('learner'), grant)).toBe(GrantInUse.code)
    expect(await refusal(courseRunId, personWith('learner'), voucher())).toBe(RunFull.code)
    expect(await refusal(systemIds.next('run'), learner, voucher())).toBe(RunNotFound.code)
    expect(await refusal(courseRunId, learner, voucher(NOW))).toBe(ExtensionInPast.code)
    expect((await enroll(courseRunId, learner, voucher())).enrollmentId).toBe(answer.enrollmentId)
    expect((await look(answer.enrollmentId, learner)).accessUntil).toBeUndefined()
  })

  test('opens what waits for its payment, whose release then changes nothing', async () => {
    const { courseRunId, enrollmentId, learner, view } = await requested()
    expect(await enroll(courseRunId, learner, voucher())).toEqual({ enrollmentId, status: 'ACTIVE' })
    await learning.send(Learning.ReleaseEnrollment, { enrollmentId, reason: 'payment_failed' })
    expect((await view()).hasAccess).toBe(true)
  })

  test('ends with its time; the seat goes to the first who waits, and an extension needs a free one', async () => {
    const { courseRunId } = await learning.openCourse({ capacity: 1 })
    const [learner, waiting] = [personWith('learner'), personWith('learner')]
    const { enrollmentId } = await enroll(courseRunId, learner, voucher(until))
    await learning.execute(JoinWaitlist, { courseRunId }, waiting)
    learning.clock.advance(10 * DAY - 1)
    await runOut()
    expect((await look(enrollmentId, learner)).status).toBe('ACTIVE')
    learning.clock.advance(1)
    expect((await look(enrollmentId, learner)).hasAccess).toBe(false)
    await Promise.all([runOut(), runOut()])
    expect(await look(enrollmentId, learner)).toMatchObject({ status: 'EXPIRED', endReason: 'expired' })
    expect(await learning.seats(courseRunId)).toMatchObject({ taken: 0, held: 1 })
    expect((await learning.ask(GetWaitlistPlace, { courseRunId }, waiting)).status).toBe('PROMOTED')

    const later = addMs(NOW, 20 * DAY)
    expect(await outcomeOf(extend(enrollmentId, later))).toBe(RunFull.code)
    await learning.execute(LeaveWaitlist, { courseRunId }, waiting)
    expect(await extend(enrollmentId, later)).toMatchObject({ status: 'ACTIVE', hasAccess: true, accessUntil: later })
    expect(await learning.seats(courseRunId)).toMatchObject({ taken: 1, held: 0 })
    learning.clock.advance(10 * DAY)
    await runOut()
    expect((await look(enrollmentId, learner)).status).toBe('EXPIRED')
  })

  test('is extended by admins, and the same again changes nothing', async () => {
    const { courseRunId, enrollmentId } = await requested()
    expect(await outcomeOf(extend(enrollmentId, until))).toBe(NothingToExtend.code)
    expect(await outcomeOf(extend(systemIds.next('enr'), until))).toBe(EnrollmentNotFound.code)
    await learning.send(Learning.ReleaseEnrollment, { enrollmentId, reason: 'payment_failed' })
    expect(await outcomeOf(extend(enrollmentId, until))).toBe(EnrollmentClosed.code)
    const learner = personWith('learner')
    const given = await enroll(courseRunId, learner, voucher(until))
    expect(await outcomeOf(extend(given.enrollmentId, NOW))).toBe(ExtensionInPast.code)
    const later = addMs(until, DAY)
    for (let again = 0; again < 2; again++) expect((await extend(given.enrollmentId, later)).accessUntil).toBe(later)
    expect((await extend(given.enrollmentId, addMs(NOW, DAY))).accessUntil).toBe(later)
  })

  test('that ran out is found by its index', async () => {
    const plan = await learning.database.run(
      `explain (costs off) select id from learning.enrollments
       where status = 'ACTIVE' and stands_until <= now() order by stands_until limit 10`,
      [],
    )
    expect(JSON.stringify(plan)).toContain('enrollments_running_out')
  })
})

describe('who sees an enrollment', () => {
  test('its learner, the tutor of the course and admins; for others it is missing', async () => {
    const { view, tutorId } = await requested()
    const seen = await view()
    expect(await view({ ...personWith('tutor'), userId: tutorId })).toEqual(seen)
    expect(await view(personWith('admin'))).toEqual(seen)
    for (const stranger of [personWith('learner'), personWith('tutor'), personWith('support')])
      expect(await outcomeOf(view(stranger))).toBe(EnrollmentNotFound.code)
  })

  test('learners list their own page by page, newest first', async () => {
    const learner = personWith('learner')
    const ids: string[] = []
    for (let n = 0; n < 3; n++) {
      const { courseRunId } = await learning.openCourse()
      ids.unshift((await learning.execute(RequestEnrollment, { courseRunId }, learner)).enrollmentId)
    }
    const first = await learning.ask(ListMyEnrollments, { limit: 2 }, learner)
    const second = await learning.ask(ListMyEnrollments, { limit: 2, cursor: first.nextCursor, me: '' }, learner)
    expect([...first.items, ...second.items].map(({ enrollmentId }) => enrollmentId)).toEqual(ids)
    expect(second.nextCursor).toBeUndefined()
    expect((await learning.ask(ListMyEnrollments, { limit: 9, status: 'ACTIVE' }, learner)).items).toEqual([])
    const foreign = learning.ask(ListMyEnrollments, { limit: 2, cursor: first.nextCursor }, personWith('learner'))
    expect(await outcomeOf(foreign)).toBe(InvalidCursor().code)
  })

  test('the enrollments of a course are for its tutor and admins', async () => {
    const { courseId, tutorId, enrollmentId } = await requested()
    const list = (actor: UserActor) => learning.ask(ListCourseEnrollments, { courseId, limit: 10 }, actor)
    for (const actor of [personWith('admin'), { ...personWith('tutor'), userId: tutorId }])
      expect((await list(actor)).items).toMatchObject([{ enrollmentId, status: 'PENDING' }])
    expect(await outcomeOf(list(personWith('tutor')))).toBe(NotCourseOwner.code)
    const draft = await learning.openCourse({}, { publish: false })
    const foreign = learning.ask(ListCourseEnrollments, { courseId: draft.courseId, limit: 10 }, personWith('tutor'))
    expect(await outcomeOf(foreign)).toBe(CourseNotFound.code)
  })
})

describe('the content of a course', () => {
  const content = (courseId: CourseId, actor: UserActor) => learning.ask(GetCourseContent, { courseId }, actor)

  test('is for learners while they have access, for its tutor and for admins', async () => {
    const { courseId, learner, tutorId, activate, refunded } = await requested()
    expect(await outcomeOf(content(courseId, learner))).toBe(NotEnrolled.code)
    await activate()
    const seen = await content(courseId, learner)
    expect(seen).toMatchObject({ revision: 1, sections: [{ title: 'Vectors' }] })
    expect(await content(courseId, { ...personWith('tutor'), userId: tutorId })).toEqual(seen)
    expect(await content(courseId, personWith('admin'))).toEqual(seen)
    expect(await outcomeOf(content(courseId, personWith('tutor')))).toBe(NotEnrolled.code)
    await refunded()
    expect(await outcomeOf(content(courseId, learner))).toBe(NotEnrolled.code)
  })

  test('of a foreign draft is missing, and its tutor sees it as it stands', async () => {
    const { courseId, tutorId } = await learning.openCourse({}, { publish: false })
    expect(await outcomeOf(content(courseId, personWith('learner')))).toBe(CourseNotFound.code)
    expect(await outcomeOf(content(systemIds.next('crs'), personWith('learner')))).toBe(CourseNotFound.code)
    expect(await content(courseId, { ...personWith('tutor'), userId: tutorId })).toMatchObject({ revision: 0 })
  })

  test('other services are told who has access', async () => {
    const { courseId, learner, enrollmentId, activate } = await requested()
    const verify = async () => {
      const data = { courseId, studentId: learner.userId }
      const { type } = Learning.VerifyEnrollment
      const id = systemIds.next('msg')
      const origin = { correlationId: 'cor' }
      const request = { type, data, from: 'content', id, idempotencyKey: id, origin }
      const reply = await learning.runtime.dispatcher.respond(request)
      return reply.outcome === 'replied' ? reply.output : reply
    }
    expect(await verify()).toEqual({ enrolled: false })
    await activate()
    expect(await verify()).toEqual({ enrolled: true, enrollmentId })
  })
})
