import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { EnrollmentNotCompleted, LessonGated } from '#domain/learning/errors.ts'
import type { OutlineDraft } from '#domain/learning/curriculum.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { systemIds } from '#services/kit/ids.ts'
import { CancelEnrollment } from './commands/cancel-enrollment.ts'
import { CompleteLesson } from './commands/complete-lesson.ts'
import { RequestEnrollment } from './commands/request-enrollment.ts'
import { RevokeCertificate } from './commands/revoke-certificate.ts'
import { GetEnrollment } from './queries/get-enrollment.ts'
import { GetProgress } from './queries/get-progress.ts'
import { type Enrolling, outcomeOf, personWith, startEnrolling } from './testing/enrolling.ts'
import { assertInvariants } from './testing/invariants.ts'

let learning: Enrolling
beforeAll(async () => {
  learning = await startEnrolling()
})
afterAll(() => learning.stop())
afterEach(() => assertInvariants(learning.database))

const FREE = { price: { amount: 0, currency: 'EUR' } } as const
const lesson = (title: string, changes: object = {}): OutlineDraft[number]['lessons'][number] => ({
  title,
  content: { kind: 'markdown', markdown: 'Text.' },
  ...changes,
})
const outlineOf = (...lessons: OutlineDraft[number]['lessons']): OutlineDraft => [{ title: 'All', lessons }]

/** A learner with access to a course of these lessons. */
const enrolled = async (outline: OutlineDraft = outlineOf(lesson('One'), lesson('Two')), name = 'Ada Lovelace') => {
  const course = await learning.openCourse(FREE, { outline })
  const learner = personWith('learner')
  learning.users.names.set(learner.userId, name)
  const { enrollmentId } = await learning.execute(RequestEnrollment, { courseRunId: course.courseRunId }, learner)
  await learning.settle()
  const complete = (place: number, actor = learner) =>
    learning.execute(
      CompleteLesson,
      { enrollmentId, lessonId: course.lessonIds[place] ?? systemIds.next('les') },
      actor,
    )
  const read = () => learning.ask(GetProgress, { enrollmentId }, learner)
  const status = async () => (await learning.ask(GetEnrollment, { enrollmentId }, learner)).status
  return { ...course, learner, enrollmentId, complete, read, status }
}

const Ends = z.array(z.object({ status: z.string() }))
const sagasOf = async (enrollmentId: string) =>
  Ends.parse(
    await learning.database.run(`select status from learning.saga where type = 'LessonProgress' and key = $1`, [
      enrollmentId,
    ]),
  )
const Told = z.array(z.object({ type: z.string() }))
/** Events about one enrollment that wait to leave, in order. */
const toldOf = async (enrollmentId: string): Promise<string[]> => {
  const rows = await learning.database.run(
    `select type from learning.outbox where envelope like '%' || $1 || '%' and type like 'course.%ed' order by seq`,
    [enrollmentId],
  )
  return Told.parse(rows).map(({ type }) => type)
}

describe('lessons', () => {
  test('that are all completed complete the enrollment, and a certificate follows', async () => {
    const { complete, read, status, enrollmentId, courseId, learner } = await enrolled()
    expect(await complete(1)).toMatchObject({ progressPct: 50 })
    await learning.settle()
    expect([await status(), await sagasOf(enrollmentId)]).toEqual(['ACTIVE', []])

    expect(await complete(0)).toMatchObject({ progressPct: 100, finishedAt: learning.clock.now() })
    await learning.settle()
    expect([await status(), await sagasOf(enrollmentId)]).toEqual(['COMPLETED', [{ status: 'completed' }]])
    const { certificate, completedLessons } = await read()
    expect(completedLessons).toHaveLength(2)
    expect(certificate?.issuedAt).toBe(learning.clock.now())
    const asked = { courseId, studentId: learner.userId }
    expect(await learning.answer(Learning.VerifyCompleted, asked)).toEqual({ completed: true, progressPct: 100 })
  })

  test('are told of one by one, and the end once', async () => {
    const { complete, enrollmentId } = await enrolled()
    await complete(0)
    await complete(0)
    await complete(1)
    expect(await toldOf(enrollmentId)).toEqual(['course.lesson_completed', 'course.lesson_completed'])
    await learning.send(Learning.CompleteEnrollment, { enrollmentId })
    await learning.send(Learning.IssueCertificate, { enrollmentId })
    expect((await toldOf(enrollmentId)).slice(2)).toEqual(['course.completed', 'course.certificate_issued'])
    await learning.settle()
  })

  test('wait behind a gate', async () => {
    const { complete, read } = await enrolled(outlineOf(lesson('One'), lesson('Two', { gated: true })))
    expect(await outcomeOf(complete(1))).toBe(LessonGated.code)
    expect(await read()).toMatchObject({ progressPct: 0, completedLessons: [] })
    await complete(0)
    expect(await complete(1)).toMatchObject({ progressPct: 100 })
    await learning.settle()
  })

  test('are for whoever has access, of their own enrollment, and of its course', async () => {
    const { complete, learner, enrollmentId } = await enrolled()
    expect(await outcomeOf(complete(0, personWith('learner')))).toBe('ENROLLMENT_NOT_FOUND')
    expect(await outcomeOf(complete(7))).toBe('LESSON_NOT_FOUND')
    await complete(0)
    await learning.execute(CancelEnrollment, { enrollmentId }, learner)
    expect(await outcomeOf(complete(1))).toBe('NOT_ENROLLED')
    expect(await learning.ask(GetProgress, { enrollmentId }, learner)).toMatchObject({ progressPct: 50 })
  })

  test('that are the last two at the same time complete the enrollment once', async () => {
    for (let round = 0; round < 5; round++) {
      const { complete, status, enrollmentId, read } = await enrolled()
      await Promise.all([complete(0), complete(1)])
      await learning.settle()
      expect([await status(), await sagasOf(enrollmentId)]).toEqual(['COMPLETED', [{ status: 'completed' }]])
      expect((await read()).completedLessons).toHaveLength(2)
    }
  })
})

describe('the end of a course', () => {
  test('comes once, however often its messages come', async () => {
    const { complete, enrollmentId, read } = await enrolled()
    await complete(0)
    await complete(1)
    await learning.settle()
    const { certificate } = await read()
    for (const key of ['again', 'again', 'once more']) {
      expect(await learning.send(Learning.CompleteEnrollment, { enrollmentId }, `complete ${key}`)).toBe('done')
      expect(await learning.send(Learning.IssueCertificate, { enrollmentId }, `certify ${key}`)).toBe('done')
    }
    await learning.settle()
    expect((await read()).certificate).toEqual(certificate)
  })

  test('is certified to nobody who has left meanwhile', async () => {
    const { complete, enrollmentId, learner, status, read } = await enrolled()
    await complete(0)
    await complete(1)
    await learning.execute(CancelEnrollment, { enrollmentId }, learner)
    await learning.settle()
    expect([await status(), await sagasOf(enrollmentId)]).toEqual(['CANCELLED', [{ status: 'failed' }]])
    expect((await read()).certificate).toBeUndefined()
    expect(await learning.send(Learning.IssueCertificate, { enrollmentId })).toBe(EnrollmentNotCompleted.code)
  })

  test('is certified to nobody whose account is gone', async () => {
    const { complete, enrollmentId, learner, read } = await enrolled()
    learning.users.names.delete(learner.userId)
    await complete(0)
    await complete(1)
    await learning.settle()
    expect(await sagasOf(enrollmentId)).toEqual([{ status: 'completed' }])
    expect((await read()).certificate).toBeUndefined()
  })

  test('stays where the money goes back later, without access', async () => {
    const { courseRunId, lessonIds } = await learning.openCourse()
    const learner = personWith('learner')
    learning.users.names.set(learner.userId, 'Ada Lovelace')
    const { enrollmentId } = await learning.execute(RequestEnrollment, { courseRunId }, learner)
    const paymentId = learning.payments.paymentOf(enrollmentId)
    await learning.settle()
    const purchase = { kind: 'course', refId: enrollmentId } as const
    const money = { amount: 4900, currency: 'EUR' } as const
    const paid = { paymentId, purchase, payerId: learner.userId, money, completedAt: learning.clock.now() }
    await learning.tell(Payments.PaymentCompleted, paid)
    await learning.settle()
    for (const lessonId of lessonIds) await learning.execute(CompleteLesson, { enrollmentId, lessonId }, learner)
    await learning.settle()
    const refundId = systemIds.next('rfn')
    const refund = { refundId, paymentId, purchase, money, reason: 'requested_by_admin', full: true } as const
    await learning.tell(Payments.RefundProcessed, refund)
    expect(await learning.ask(GetEnrollment, { enrollmentId }, learner)).toMatchObject({
      status: 'COMPLETED',
      hasAccess: false,
    })
  })
})

describe('a certificate', () => {
  test('is revoked once and for all', async () => {
    const { complete, read } = await enrolled()
    await complete(0)
    await complete(1)
    await learning.settle()
    const code = (await read()).certificate?.verifyCode ?? ''
    const admin = personWith('admin')
    const revoke = (reason: 'misconduct' | 'issued_in_error') =>
      learning.execute(RevokeCertificate, { code: code.toLowerCase(), reason }, admin)
    const first = await revoke('misconduct')
    expect(await revoke('issued_in_error')).toEqual(first)
    expect((await read()).certificate).toBeUndefined()
  })
})
