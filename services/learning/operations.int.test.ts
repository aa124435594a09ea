import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MINUTE } from '#domain/kernel/clock.ts'
import { RedriveFailed } from '#bus/dead-letters/redrive.ts'
import { encodeEnvelope } from '#bus/envelope.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { SagaBeyondPivot, SagaEnded } from '#bus/sagas/sagas.ts'
import { systemIds } from '#services/kit/ids.ts'
import { RequestEnrollment } from './commands/request-enrollment.ts'
import { GetEnrollment } from './queries/get-enrollment.ts'
import { learning as service } from './service.ts'
import { type Enrolling, outcomeOf, personWith, startEnrolling } from './testing/enrolling.ts'

let learning: Enrolling
beforeAll(async () => {
  learning = await startEnrolling()
})
afterAll(() => learning.stop())

const admin = personWith('admin')

/** An operation of the service by the name it has for callers. */
const call = async (operationId: string, input: object): Promise<unknown> => {
  const route = service.routes.find((candidate) => candidate.operationId === operationId)
  if (route?.kind !== 'route') throw new Error(`There is no operation ${operationId}.`)
  const { definition } = route
  const { buses } = learning.runtime
  const origin = { correlationId: 'cor' }
  const outcome =
    definition.kind === 'command'
      ? await buses.execute(definition, input, { actor: admin, origin })
      : await buses.ask(definition, input, { actor: admin, origin })
  return outcome.output
}

const enroll = async (price = 4900) => {
  const { courseRunId } = await learning.openCourse({ price: { amount: price, currency: 'EUR' } })
  const learner = personWith('learner')
  const { enrollmentId } = await learning.execute(RequestEnrollment, { courseRunId }, learner)
  const view = () => learning.ask(GetEnrollment, { enrollmentId }, learner)
  return { enrollmentId, courseRunId, sagaId: `CourseEnrollment:${enrollmentId}`, view }
}

describe('the saga of an enrollment', () => {
  test('is listed while it waits, with its journal', async () => {
    const { sagaId } = await enroll()
    await learning.settle()
    learning.clock.advance(6 * MINUTE)
    const other = await enroll()
    const stuck = await call('listLearningSagas', { status: 'running', stuckForMinutes: 5, limit: 10 })
    expect(stuck).toMatchObject({ items: [{ sagaId }] })
    const all = await call('listLearningSagas', { type: 'CourseEnrollment', limit: 10 })
    expect(all).toMatchObject({ items: [{ sagaId: other.sagaId }, { sagaId }] })
    expect(await call('getLearningSaga', { sagaId })).toMatchObject({
      status: 'running',
      compensations: ['releaseSeat', 'cancelPayment'],
      state: { payment: { status: 'initiated' } },
      journal: [{ message: 'started' }, { message: 'replied charge' }, { message: 'replied recordPayment' }],
    })
  })

  test('sends what is unanswered again under the same key', async () => {
    const { enrollmentId, sagaId } = await enroll()
    await call('retryLearningSaga', { sagaId })
    await learning.settle()
    const charges = learning.payments.requests.filter(
      ({ type, subject }) => type === Payments.ProcessPayment.type && subject === sagaId,
    )
    expect(charges.map(({ idempotencykey }) => idempotencykey)).toEqual([`${sagaId}:charge`, `${sagaId}:charge`])
    expect(learning.payments.paymentOf(enrollmentId)).toBeDefined()
  })

  test('can be cancelled before its point of no return: payment and seat are given up', async () => {
    const { sagaId, courseRunId, view } = await enroll()
    await learning.settle()
    await call('cancelLearningSaga', { sagaId })
    await learning.settle()
    expect(await call('getLearningSaga', { sagaId })).toMatchObject({ status: 'cancelled', compensations: [] })
    expect(await view()).toMatchObject({ status: 'CANCELLED' })
    expect(await learning.seats(courseRunId)).toMatchObject({ taken: 0, held: 0 })
    expect(await outcomeOf(call('cancelLearningSaga', { sagaId }))).toBe(SagaEnded.code)
    expect(await outcomeOf(call('retryLearningSaga', { sagaId }))).toBe(SagaEnded.code)
  })

  test('only goes forward once access is being given', async () => {
    const { sagaId, view } = await enroll(0)
    expect(await outcomeOf(call('cancelLearningSaga', { sagaId }))).toBe(SagaBeyondPivot.code)
    await learning.settle()
    expect(await view()).toMatchObject({ status: 'ACTIVE' })
  })

  test('has a diagram', async () => {
    const drawn = await call('getLearningSagaDefinition', { name: 'CourseEnrollment' })
    expect(drawn).toMatchObject({ mermaid: expect.stringContaining('step_activate[["activate (pivot)') })
  })
})

describe('a dead letter', () => {
  const letterWith = async (data: object) => {
    const id = systemIds.next('dlq').slice('dlq_'.length)
    const { type, version } = Payments.RefundProcessed
    const messageId = systemIds.next('msg')
    const at = learning.clock.now()
    const names = { specversion: '1.0', id: messageId, messagekind: 'event', source: 'edtech.payment' } as const
    const envelope = { ...names, type, time: at, subject: 'pay', dataversion: version, correlationid: 'cor', data }
    await learning.stores.deadLetters.add({
      id,
      messageId,
      type,
      key: 'pay',
      reason: 'Error',
      failedAt: at,
      consumer: 'learning/enrollment.refund_processed',
      envelope: encodeEnvelope(envelope),
    })
    return id
  }

  test('takes effect when it is redriven, and is gone', async () => {
    const { enrollmentId, view } = await enroll()
    const deadLetterId = await letterWith({
      refundId: systemIds.next('rfn'),
      paymentId: learning.payments.paymentOf(enrollmentId),
      purchase: { kind: 'course', refId: enrollmentId },
      money: { amount: 4900, currency: 'EUR' },
      full: true,
      reason: 'requested_by_admin',
    })
    expect(await call('listLearningDeadLetters', { limit: 10 })).toMatchObject({ items: [{ deadLetterId }] })
    await call('redriveLearningDeadLetter', { deadLetterId })
    expect(await view()).toMatchObject({ status: 'EXPIRED', endReason: 'refunded' })
    expect(await call('listLearningDeadLetters', { limit: 10 })).toEqual({ items: [] })
  })

  test('that fails again stays until it is dropped', async () => {
    const deadLetterId = await letterWith({ not: 'a refund' })
    expect(await outcomeOf(call('redriveLearningDeadLetter', { deadLetterId }))).toBe(RedriveFailed.code)
    expect(await call('getLearningDeadLetter', { deadLetterId })).toMatchObject({ deadLetterId })
    await call('dropLearningDeadLetter', { deadLetterId })
    expect(await outcomeOf(call('dropLearningDeadLetter', { deadLetterId }))).toBe('DEAD_LETTER_NOT_FOUND')
  })
})
