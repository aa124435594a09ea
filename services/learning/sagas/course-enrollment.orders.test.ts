import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addMs, type Instant, SECOND } from '#domain/kernel/clock.ts'
import { DomainError } from '#domain/kernel/errors.ts'
import type { Money } from '#domain/kernel/money.ts'
import { Enrollment } from '#domain/learning/enrollment.ts'
import { exampleIds, exampleRequest, exampleRun, NOW } from '#domain/learning/examples.ts'
import { moveSeats } from '#domain/learning/seats.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { createAdvance, type SagaMessage, type Step } from '#bus/sagas/advance.ts'
import { isFinal, type PendingRequest } from '#bus/sagas/instance.ts'
import { CourseEnrollment } from './course-enrollment.ts'
import { courseEnrollmentFor } from './course-enrollment-state.ts'

type Payer = 'pays' | 'declines' | 'waits'
const saga = createAdvance(CourseEnrollment)

/** One enrollment with its payment, its seat and everything under way between them. */
class World {
  enrollment: Enrollment
  payment: 'none' | 'blocked' | 'initiated' | 'captured' | 'ended' = 'none'
  refunds = new Set<string>()
  seats = { ...exampleRun().state, seatsHeld: 1 }
  now: Instant = NOW
  step: Step
  readonly underWay: (() => void)[] = []
  readonly #paymentId = exampleIds.next('pay')
  readonly #answers = new Map<string, SagaMessage>()

  constructor(price: Money, payer: Payer, leaves: boolean) {
    this.enrollment = Enrollment.restore(exampleRequest(exampleRun({ price })).state, 1)
    const { id: enrollmentId, state } = this.enrollment
    const initial = courseEnrollmentFor({ enrollmentId, payerId: state.studentId, money: price })
    this.step = saga.start(enrollmentId, initial, 'cor', NOW)
    this.send(this.step.requests)
    if (payer !== 'waits') this.underWay.push(() => this.act(payer))
    if (leaves) this.underWay.push(() => this.change((enrollment) => enrollment.release('cancelled', this.now)))
  }

  /** What arrives at the saga, and what leaves it. */
  receive(message: SagaMessage): void {
    this.step = saga.receive(this.step.instance, message, this.now)
    this.send(this.step.requests)
  }

  /** With nothing under way, time passes until the next timer. */
  fireNextTimer(): boolean {
    const [next] = Object.entries(this.step.instance.timers).toSorted(([, a], [, b]) => (a < b ? -1 : 1))
    if (!next) return false
    const [name, due] = next
    if (due > this.now) this.now = due
    this.receive({ kind: 'timer', name })
    return true
  }

  private send(requests: readonly PendingRequest[]): void {
    this.underWay.push(...requests.map((request) => () => this.answer(request)))
  }

  /** As a service does: a repeated request gets the first answer again. */
  private answer(request: PendingRequest): void {
    const answer = this.#answers.get(request.step) ?? this.handle(request)
    this.#answers.set(request.step, answer)
    this.underWay.push(() => this.receive(answer))
  }

  private handle({ step, type, input }: PendingRequest): SagaMessage {
    try {
      return { kind: 'replied', step, output: this.reply(type, input) }
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      return { kind: 'faulted', step, fault: { code: error.code, detail: error.message }, retryable: false }
    }
  }

  private reply(type: string, input: unknown): unknown {
    switch (type) {
      case Payments.ProcessPayment.type:
        return this.process()
      case Payments.CancelPayment.type:
        return this.cancelPayment()
      case Payments.RefundPayment.type:
        return this.refund(Payments.RefundPayment.input.parse(input).actionId)
      default:
        return this.enroll(type, input)
    }
  }

  private process() {
    if (this.payment === 'blocked')
      throw new DomainError('PURCHASE_CANCELLED', 'conflict', 'It was cancelled before it began.')
    if (this.payment === 'none') this.payment = 'initiated'
    return { paymentId: this.#paymentId, status: 'INITIATED' }
  }

  private cancelPayment() {
    if (this.payment === 'captured') return { status: 'COMPLETED' }
    if (this.payment === 'initiated') this.end()
    if (this.payment === 'none') this.payment = 'blocked'
    return { status: 'CANCELLED' }
  }

  private refund(actionId: string) {
    this.refunds.add(actionId)
    const grant = { source: 'purchase', ref: this.#paymentId } as const
    this.underWay.push(() => this.change((enrollment) => enrollment.revokeGrant(grant, 'refunded', this.now)))
    return { refundId: exampleIds.next('rfn'), status: 'PENDING' }
  }

  private enroll(type: string, input: unknown) {
    this.change((enrollment) => {
      if (type === Learning.RecordPayment.type)
        enrollment.attachPayment(Learning.RecordPayment.input.parse(input).paymentId)
      if (type === Learning.ReleaseEnrollment.type)
        enrollment.release(Learning.ReleaseEnrollment.input.parse(input).reason, this.now)
      if (type !== Learning.ActivateEnrollment.type) return
      const { grant, paymentId } = Learning.ActivateEnrollment.input.parse(input)
      if (paymentId) enrollment.attachPayment(paymentId)
      enrollment.activate({ ...grant, validFrom: this.now })
    })
    return { enrollmentId: this.enrollment.id, status: this.enrollment.status }
  }

  /** Stores the enrollment with the moves of its seat, or nothing where it declines. */
  private change(act: (enrollment: Enrollment) => void): void {
    const loaded = Enrollment.restore(this.enrollment.state, 1)
    act(loaded)
    this.seats = moveSeats(this.seats, loaded.seatMoves)
    this.enrollment = loaded
  }

  private act(payer: Payer): void {
    if (this.payment === 'none') this.underWay.push(() => this.act(payer))
    if (this.payment !== 'initiated') return
    if (payer === 'declines') return this.end()
    this.payment = 'captured'
    const { studentId: payerId, price: money } = this.enrollment.state
    this.tell(Payments.PaymentCompleted.type, { payerId, money, completedAt: this.now })
  }

  private end(): void {
    this.payment = 'ended'
    this.tell(Payments.PaymentFailed.type, { code: 'card_declined', retryable: false })
  }

  private tell(type: string, facts: object): void {
    const data = { paymentId: this.#paymentId, purchase: this.#purchase, ...facts }
    this.underWay.push(() => this.receive({ kind: 'event', type, data }))
  }

  get #purchase() {
    return { kind: 'course', refId: this.enrollment.id } as const
  }
}

/** Lets things happen in the order that the choices say: late, twice, after a timer or a cancel that comes early. */
const play = (world: World, choices: readonly number[]): World => {
  for (let n = 0; n < 2000; n += 1) {
    const choice = choices[n] ?? 0
    world.now = addMs(world.now, SECOND)
    if (choice % 11 === 10) world.fireNextTimer()
    if (choice % 61 === 60 && world.step.instance.status === 'running' && !world.step.instance.pivoted)
      world.receive({ kind: 'cancel' })
    const happens = world.underWay.splice(choice % Math.max(1, world.underWay.length), 1)
    for (const happen of happens) {
      happen()
      if (choice % 5 === 4) world.underWay.push(happen)
    }
    if (happens.length === 0 && !world.fireNextTimer()) return world
  }
  throw new Error('It does not come to rest.')
}

const orders = fc.array(fc.nat({ max: 10_000 }), { maxLength: 120 })
const played = (price: Money, payer: Payer, leaves: boolean, order: readonly number[]) => {
  const { step, enrollment, seats, payment, refunds, now } = play(new World(price, payer, leaves), order)
  const access = enrollment.hasAccess(now)
  const seat = [seats.seatsHeld, seats.seatsTaken]
  return { final: isFinal(step.instance), status: step.instance.status, access, seat, payment, refunds: refunds.size }
}

describe('whatever arrives late, twice or in another order', () => {
  const price = { amount: 4900, currency: 'EUR' } as const
  const payers = fc.constantFrom<Payer>('pays', 'declines', 'waits')

  test('money ends as access or as one refund, and the seat follows', () => {
    fc.assert(
      fc.property(payers, fc.boolean(), orders, (payer, leaves, order) => {
        const { final, access, seat, payment, refunds } = played(price, payer, leaves, order)
        expect(final).toBe(true)
        expect(access).toBe(payment === 'captured' && refunds === 0)
        expect(refunds).toBe(payment === 'captured' && !access ? 1 : 0)
        expect(seat).toEqual([0, access ? 1 : 0])
      }),
      { numRuns: 3000 },
    )
  })

  test('a saga that ends well has given access', () => {
    fc.assert(
      fc.property(payers, fc.boolean(), orders, (payer, leaves, order) => {
        const { status, access } = played(price, payer, leaves, order)
        expect(status === 'completed').toBe(access)
      }),
      { numRuns: 500 },
    )
  })

  test('a free course always ends in access', () => {
    const free = { amount: 0, currency: 'EUR' } as const
    fc.assert(
      fc.property(orders, (order) => {
        const end = played(free, 'waits', false, order)
        expect(end).toMatchObject({ status: 'completed', access: true, seat: [0, 1], payment: 'none' })
      }),
    )
  })
})
