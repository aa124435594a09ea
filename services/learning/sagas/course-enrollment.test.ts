import { describe, expect, test } from 'vitest'
import { addMs, HOUR, MINUTE } from '#domain/kernel/clock.ts'
import type { Money } from '#domain/kernel/money.ts'
import { AlreadyEnrolled, EnrollmentClosed, GrantRevoked } from '#domain/learning/errors.ts'
import { exampleIds, exampleLearner, NOW } from '#domain/learning/examples.ts'
import { createAdvance, type SagaMessage, type Step } from '#bus/sagas/advance.ts'
import type { SagaInstance } from '#bus/sagas/instance.ts'
import { Payments, RefundAmountZero } from '#bus/patterns/payment.ts'
import { CourseEnrollment } from './course-enrollment.ts'
import { courseEnrollmentFor } from './course-enrollment-state.ts'

const enrollmentId = exampleIds.next('enr')
const paymentId = exampleIds.next('pay')
const refundId = exampleIds.next('rfn')
const money = { amount: 4900, currency: 'EUR' } as const
const purchase = { kind: 'course', refId: enrollmentId } as const
const sagaId = `CourseEnrollment:${enrollmentId}`

const saga = createAdvance(CourseEnrollment)

const started = (changes: { money?: Money; couponCode?: string } = {}): Step => {
  const request = { enrollmentId, payerId: exampleLearner, money, ...changes }
  return saga.start(enrollmentId, courseEnrollmentFor(request), 'cor', NOW)
}

/** The last step after messages have arrived one after the other, each a minute later. */
const after = (first: Step, ...messages: readonly SagaMessage[]): Step =>
  messages.reduce((step, message, n) => saga.receive(step.instance, message, addMs(NOW, (n + 1) * MINUTE)), first)

const at = (instance: SagaInstance, message: SagaMessage, now: string): Step => saga.receive(instance, message, now)

const sent = ({ requests }: Step) => requests.map(({ step }) => step)
const inputOf = ({ requests }: Step, step: string) => requests.find((request) => request.step === step)?.input

const replied = (step: string, output: unknown): SagaMessage => ({ kind: 'replied', step, output })
const faulted = (step: string, code: string): SagaMessage => ({
  kind: 'faulted',
  step,
  fault: { code, detail: 'Declined.' },
  retryable: false,
})
const charged = replied('charge', { paymentId, status: 'INITIATED' })
const activated = replied('activate', { enrollmentId, status: 'ACTIVE' })
const released = replied('releaseSeat', { enrollmentId, status: 'CANCELLED' })
const cancelAnswered = (status: string) => replied('cancelPayment', { status })
const refunded = replied('refund', { refundId, status: 'PENDING' })
const paid: SagaMessage = {
  kind: 'event',
  type: Payments.PaymentCompleted.type,
  data: { paymentId, purchase, payerId: exampleLearner, money, completedAt: NOW },
}
const unpaid: SagaMessage = {
  kind: 'event',
  type: Payments.PaymentFailed.type,
  data: { paymentId, purchase, code: 'card_declined', retryable: false },
}
const cancelled: SagaMessage = { kind: 'cancel' }

/** Half an hour has passed without money. */
const timedOut = (step: Step): Step => at(step.instance, { kind: 'timer', name: 'payment' }, addMs(NOW, 31 * MINUTE))

const theRefund = { paymentId, reason: 'paid_late', actionId: `${sagaId}:late` }

describe('the way to a seat', () => {
  test('charges first', () => {
    const step = started({ couponCode: 'SPRING' })
    expect(step.requests).toMatchObject([
      { step: 'charge', input: { purchase, payerId: exampleLearner, money, couponCode: 'SPRING' } },
    ])
    expect(step.instance.stack).toEqual(['releaseSeat', 'cancelPayment'])
  })

  test('shows the learner the payment', () => {
    expect(inputOf(after(started(), charged), 'recordPayment')).toEqual({ enrollmentId, paymentId })
  })

  test('activates when the money has come', () => {
    const step = after(started(), charged, paid)
    expect(inputOf(step, 'activate')).toEqual({
      enrollmentId,
      grant: { source: 'purchase', ref: paymentId },
      paymentId,
    })
    expect(step.instance.timers['payment']).toBeUndefined()
    expect(after(step, activated).instance.status).toBe('completed')
  })

  test('is the same where the money overtakes the answer to the charge', () => {
    const step = after(started(), paid, charged)
    expect(sent(step)).toEqual([])
    expect(after(step, activated).instance.status).toBe('completed')
  })

  test('takes each fact once', () => {
    expect(sent(after(started(), charged, paid, paid))).toEqual([])
    const done = after(started(), charged, paid, activated)
    expect(sent(after(done, paid))).toEqual([])
    expect(sent(after(done, unpaid))).toEqual([])
    expect(after(done, unpaid, charged, activated).instance.status).toBe('completed')
  })

  test('charges nothing for a free course', () => {
    const step = started({ money: { amount: 0, currency: 'EUR' } })
    expect(step.requests).toMatchObject([
      { step: 'activate', input: { enrollmentId, grant: { source: 'free', ref: enrollmentId } } },
    ])
    expect(after(step, activated).instance.status).toBe('completed')
  })
})

describe('a payment that fails', () => {
  test('is cancelled, and then the seat goes back', () => {
    const failed = after(started(), charged, unpaid)
    expect(failed.requests).toMatchObject([
      { step: 'cancelPayment', input: { purchase, actionId: `${sagaId}:cancel` } },
    ])
    const next = after(failed, cancelAnswered('FAILED'))
    expect(next.requests).toMatchObject([{ step: 'releaseSeat', input: { enrollmentId, reason: 'payment_failed' } }])
    expect(after(next, released).instance.status).toBe('compensated')
  })

  test('ends the same where the charge itself is declined', () => {
    const end = after(started(), faulted('charge', 'PURCHASE_CANCELLED'), cancelAnswered('CANCELLED'), released)
    expect(end.instance.status).toBe('compensated')
  })

  test('cannot undo what is paid', () => {
    const step = after(started(), charged, paid, unpaid, faulted('charge', 'PURCHASE_MISMATCH'))
    expect(step.instance.status).toBe('running')
    expect(after(step, activated).instance.status).toBe('completed')
  })
})

describe('a payment that takes too long', () => {
  const waiting = timedOut(after(started(), charged))

  test('is cancelled, and the answer decides', () => {
    expect(waiting.requests).toMatchObject([
      { step: 'cancelOnTimeout', input: { purchase, actionId: `${sagaId}:timeout` } },
    ])
    const undone = after(waiting, replied('cancelOnTimeout', { status: 'CANCELLED' }), cancelAnswered('CANCELLED'))
    expect(inputOf(undone, 'releaseSeat')).toEqual({ enrollmentId, reason: 'payment_timeout' })
  })

  test.each(['COMPLETED', 'PROCESSING'])('keeps the seat while the payment is %s', (status) => {
    const held = after(waiting, replied('cancelOnTimeout', { status }))
    expect(held.instance.status).toBe('running')
    expect(sent(held)).toEqual([])
    expect(sent(after(held, paid))).toEqual(['activate'])
  })

  test('counts as timed out also where the fact overtakes the answer', () => {
    const undone = after(waiting, unpaid, cancelAnswered('CANCELLED'))
    expect(inputOf(undone, 'releaseSeat')).toEqual({ enrollmentId, reason: 'payment_timeout' })
  })

  test('may be paid while it is being cancelled', () => {
    const late = after(waiting, paid, replied('cancelOnTimeout', { status: 'COMPLETED' }))
    expect(late.instance.status).toBe('running')
    expect(after(late, activated).instance.status).toBe('completed')
  })

  test('stays paid where the cancel is answered before the money and arrives after it', () => {
    const late = after(waiting, paid, replied('cancelOnTimeout', { status: 'CANCELLED' }))
    expect(after(late, activated).instance.status).toBe('completed')
  })

  test('ends at the deadline at the latest', () => {
    const step = at(waiting.instance, { kind: 'timer', name: 'deadline' }, addMs(NOW, 24 * HOUR))
    expect(sent(step)).toEqual(['cancelPayment'])
  })
})

describe('money that comes too late', () => {
  const undoing = after(started(), charged, unpaid)

  test('goes back while the rest is being undone', () => {
    const step = after(undoing, paid)
    expect(inputOf(step, 'refund')).toEqual(theRefund)
    const end = after(step, cancelAnswered('COMPLETED'), refunded, released)
    expect(end.instance.status).toBe('compensated')
  })

  test('goes back after the end, once', () => {
    const compensated = after(undoing, cancelAnswered('CANCELLED'), released)
    const step = after(compensated, paid)
    expect(inputOf(step, 'refund')).toEqual(theRefund)
    expect(sent(after(step, paid))).toEqual([])
    expect(after(step, refunded).instance.status).toBe('compensated')
  })

  test('goes back after a cancel', () => {
    const ended = after(started(), charged, cancelled, cancelAnswered('CANCELLED'), released)
    expect(ended.instance.status).toBe('cancelled')
    expect(inputOf(after(ended, paid), 'refund')).toEqual(theRefund)
  })

  test('goes back when the cancel finds it, and the fact repeats nothing', () => {
    const found = after(undoing, cancelAnswered('COMPLETED'))
    expect(inputOf(found, 'refund')).toEqual(theRefund)
    expect(sent(found)).toContain('releaseSeat')
    expect(sent(after(found, paid))).toEqual([])
  })

  test('is settled where somebody else has asked for all of it before', () => {
    const ended = after(started(), charged, cancelled, cancelAnswered('CANCELLED'), released, paid)
    const nothingLeft = after(ended, faulted('refund', RefundAmountZero.code))
    expect(nothingLeft.instance).toMatchObject({ status: 'cancelled', pending: [] })
    const declined = after(ended, faulted('refund', 'PAYMENT_NOT_REFUNDABLE'))
    expect(declined.instance).toMatchObject({ status: 'parked', resumeAs: 'cancelled' })
    expect(sent(after(declined, { kind: 'retry' }))).toEqual(['refund'])
  })

  test('goes back by the fact where the cancel finds a payment that is not known yet', () => {
    const found = after(started(), unpaid, cancelAnswered('COMPLETED'))
    expect(sent(found)).toEqual(['releaseSeat'])
    expect(inputOf(after(found, paid), 'refund')).toEqual(theRefund)
  })
})

describe('an activation that is declined', () => {
  const activating = after(started(), charged, paid)

  test('sends the money back and closes the enrollment', () => {
    const step = after(activating, faulted('activate', EnrollmentClosed.code))
    expect(step.instance.status).toBe('failed')
    expect(inputOf(step, 'refund')).toMatchObject({ paymentId, reason: 'enrollment_failed' })
    expect(inputOf(step, 'closeEnrollment')).toEqual({ enrollmentId, reason: 'activation_declined' })
    expect(sent(after(step, paid))).toEqual([])
  })

  test('is a success where the learner is enrolled already; the second payment goes back', () => {
    const step = after(activating, faulted('activate', AlreadyEnrolled.code))
    expect(step.instance.status).toBe('completed')
    expect(sent(step)).toEqual(['refund'])
  })

  test('sends nothing back where the money is back already', () => {
    const step = after(activating, faulted('activate', GrantRevoked.code))
    expect(step.instance.status).toBe('failed')
    expect(sent(step)).toEqual(['closeEnrollment'])
  })

  test('of a free course closes the enrollment', () => {
    const step = after(started({ money: { amount: 0, currency: 'EUR' } }), faulted('activate', EnrollmentClosed.code))
    expect(step.instance.status).toBe('failed')
    expect(sent(step)).toEqual(['closeEnrollment'])
  })
})

test('the payment of something else is none of its business', () => {
  const [completed] = CourseEnrollment.events
  const lesson = { kind: 'lesson', refId: exampleIds.next('bkg') }
  const data = { paymentId, payerId: exampleLearner, money, completedAt: NOW }
  expect(completed?.key({ ...data, purchase: lesson })).toBeUndefined()
  expect(completed?.key({ ...data, purchase })).toBe(enrollmentId)
})

describe('a refund that the provider refuses', () => {
  const refused = (reason: string): SagaMessage => ({
    kind: 'event',
    type: Payments.RefundFailed.type,
    data: { refundId, paymentId, purchase, payerId: exampleLearner, money, reason, code: 'charge_disputed' },
  })
  const paidLate = after(started(), charged, cancelled, cancelAnswered('COMPLETED'), released, refunded)

  test('leaves money without a seat, which waits for a person where it is seen', () => {
    expect(paidLate.instance.status).toBe('cancelled')
    const { instance } = after(paidLate, refused('paid_late'))
    expect(instance).toMatchObject({ status: 'parked', resumeAs: 'cancelled', fault: { code: 'REFUND_FAILED' } })
    expect(after(after(paidLate, refused('paid_late')), { kind: 'retry' }).instance.status).toBe('cancelled')
  })

  test('stays where it is seen when the answer to the request for the refund comes after it', () => {
    const unanswered = after(started(), charged, cancelled, cancelAnswered('COMPLETED'), released)
    const { instance } = after(unanswered, refused('paid_late'), refunded)
    expect(instance).toMatchObject({ status: 'parked', resumeAs: 'cancelled', fault: { code: 'REFUND_FAILED' } })
    expect(instance.pending).toEqual([])
  })

  test('does not keep the seat from being released', () => {
    const undoing = after(started(), charged, cancelled, cancelAnswered('COMPLETED'), refused('paid_late'))
    expect(undoing.instance).toMatchObject({ status: 'parked', resumeAs: 'compensating' })
    const { instance } = after(undoing, released, refunded)
    expect(instance).toMatchObject({ status: 'parked', resumeAs: 'cancelled', stack: [], pending: [] })
    expect(after({ ...undoing, instance }, { kind: 'retry' }).instance.status).toBe('cancelled')
  })

  test('is no business of the saga where access stays: nobody has lost anything', () => {
    const completed = after(started(), charged, paid, activated)
    expect(after(completed, refused('requested_by_payer')).instance.status).toBe('completed')
  })

  test('waits for a person also where somebody else had asked for it: without a seat all of it is owed', () => {
    expect(after(paidLate, refused('requested_by_admin')).instance.status).toBe('parked')
  })

  test('stays in sight when an answer arrives that does not settle it', () => {
    const closed = replied('closeEnrollment', { enrollmentId, status: 'CANCELLED' })
    const declined = after(started(), charged, paid, faulted('activate', EnrollmentClosed.code))
    const overtaken = after(declined, refused('enrollment_failed'), refunded, closed)
    expect(overtaken.instance).toMatchObject({ status: 'parked', fault: { code: 'REFUND_FAILED' } })
    const notTaken = after(declined, faulted('refund', 'PAYMENT_NOT_REFUNDABLE'), closed)
    expect(notTaken.instance).toMatchObject({ status: 'parked', fault: { code: 'PAYMENT_NOT_REFUNDABLE' } })
  })

  test('stays in sight while the rest comes to its end', () => {
    const asked = after(started(), charged, refused('duplicate'))
    const done = after(asked, paid, activated)
    expect(done.instance).toMatchObject({ status: 'parked', resumeAs: 'completed', fault: { code: 'REFUND_FAILED' } })
    const undone = after(asked, unpaid, cancelAnswered('CANCELLED'), released)
    expect(undone.instance).toMatchObject({ status: 'parked', resumeAs: 'compensated' })
    expect(after(undone, { kind: 'retry' }).instance).toMatchObject({ status: 'compensated', fault: undefined })
  })
})
