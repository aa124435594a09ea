import { addMs, HOUR, MINUTE, msBetween, SECOND } from '#domain/kernel/clock.ts'
import type { CourseRunId, EnrollmentId, PaymentId } from '#domain/kernel/ids.ts'
import { CANCELLATION_WINDOW_MS } from '#domain/learning/cancellation-window.ts'
import { accessSince } from '#domain/learning/grant.ts'
import { intentIdOf } from '#domain/payment/payment-state.ts'
import { CancelEnrollment } from '#services/learning/commands/cancel-enrollment.ts'
import { JoinWaitlist } from '#services/learning/commands/join-waitlist.ts'
import { LeaveWaitlist } from '#services/learning/commands/leave-waitlist.ts'
import { RequestEnrollment } from '#services/learning/commands/request-enrollment.ts'
import { liveEntry } from '#services/learning/infrastructure/memory/waitlist.ts'
import { CancelPayment } from '#services/payment/commands/cancel-payment.ts'
import { RequestRefund } from '#services/payment/commands/request-refund.ts'
import { Registry } from '../world/registry.ts'
import type { World } from '../world/world.ts'
import type { Client } from './client.ts'

/** What a learner does with an enrollment that waits for its money. */
const PLANS = [
  'pay',
  'pay',
  'pay',
  'pay late',
  'bank is slow',
  'decline',
  'abandon',
  'leave',
  'cancel payment',
] as const
type Plan = (typeof PLANS)[number]

/** What they do once they are in. */
const SEQUELS = ['stay', 'stay', 'leave', 'leave late', 'refund', 'dispute', 'all at once'] as const

/** From and to, in milliseconds. */
type Span = readonly [number, number]

/** Around the end of the payment window, and around the deadline of the saga. */
const LATE: readonly Span[] = [
  [29 * MINUTE, 31 * MINUTE],
  [30 * MINUTE, 26 * HOUR],
]
const SLOW_BANK: readonly Span[] = [
  [0, MINUTE],
  [20 * MINUTE, 40 * MINUTE],
  [0, 30 * HOUR],
]

interface OpenPayment {
  readonly paymentId: PaymentId
  readonly intentId: string
}

/** A learner with habits of their own, who enrolls, pays or does not, and leaves. */
export class Learner {
  readonly #world: World
  readonly #client: Client

  constructor(world: World, client: Client) {
    this.#world = world
    this.#client = client
  }

  /** Some leave for good in the middle of whatever they had begun. */
  async live(runs: readonly CourseRunId[]): Promise<void> {
    const { random } = this.#world
    for (let left = random.between(1, 2); left > 0 && !this.#world.isCalm; left--) {
      await this.#wait(0, random.pick([SECOND, MINUTE, HOUR]))
      const journey = this.#journey(random.pick(runs))
      if (left > 1 || random.chance(0.8)) {
        await journey
        continue
      }
      await this.#wait(0, random.pick([SECOND, MINUTE, HOUR]))
      await Promise.all([journey, new Registry(this.#world).erase(this.#client.userId)])
    }
  }

  async #journey(run: CourseRunId): Promise<void> {
    const { random } = this.#world
    const enrollmentId = (await this.#enroll(run)) ?? (await this.#waitForSeat(run))
    if (!enrollmentId || this.#world.isCalm) return
    const payment = await this.#openPayment(enrollmentId)
    await this.#wait(0, 30 * SECOND)
    if (payment) await this.#follow(random.pick(PLANS), enrollmentId, payment)
    else if (random.chance(0.3)) await this.#leave(enrollmentId)
    await this.#wait(0, random.pick([MINUTE, HOUR]))
    await this.#afterwards(enrollmentId, payment)
  }

  /** Sometimes by a double click, and sometimes twice on purpose. */
  async #enroll(courseRunId: CourseRunId): Promise<EnrollmentId | undefined> {
    const { random, ids } = this.#world
    const key = ids.next('key')
    const ask = (under: string) => this.#client.send('learning', RequestEnrollment.type, { courseRunId }, under)
    const rivals = random.chance(0.3) ? [ask(key)] : random.chance(0.2) ? [ask(ids.next('key'))] : []
    const answer = await ask(key)
    await Promise.all(rivals)
    if (random.chance(0.2)) await ask(key)
    return answer?.outcome === 'done' ? RequestEnrollment.output.parse(answer.body).enrollmentId : undefined
  }

  /** Joins the waitlist where the run is full, and takes the seat that falls to them; not everybody is there in time. */
  async #waitForSeat(courseRunId: CourseRunId): Promise<EnrollmentId | undefined> {
    const { random, ids, learning } = this.#world
    if (this.#world.isCalm || random.chance(0.4)) return undefined
    const key = ids.next('key')
    const join = () => this.#client.send('learning', JoinWaitlist.type, { courseRunId }, key)
    await Promise.all([join(), random.chance(0.3) && join()])
    for (let looks = 0; looks < 6 && !this.#world.isCalm; looks++) {
      await this.#wait(MINUTE, random.pick([HOUR, 12 * HOUR]))
      const entry = liveEntry(learning, courseRunId, this.#client.userId)
      if (!entry) return undefined
      if (entry.status === 'PROMOTED' && random.chance(0.7)) return this.#enroll(courseRunId)
    }
    if (!this.#world.isCalm && random.chance(0.5))
      await this.#client.send('learning', LeaveWaitlist.type, { courseRunId })
    return undefined
  }

  /** Looks at the page of the enrollment until it shows what to pay. */
  async #openPayment(enrollmentId: EnrollmentId): Promise<OpenPayment | undefined> {
    for (let looks = 0; looks < 8 && !this.#world.isCalm; looks++) {
      await this.#wait(SECOND, 20 * SECOND)
      const paymentId = this.#world.learning.enrollments.get(enrollmentId)?.state.paymentId
      const payment = paymentId && this.#world.payment.payments.get(paymentId)
      const intentId = payment && intentIdOf(payment.state)
      if (intentId) return { paymentId, intentId }
    }
    return undefined
  }

  async #follow(plan: Plan, enrollmentId: EnrollmentId, { paymentId, intentId }: OpenPayment): Promise<void> {
    const { random, bank } = this.#world
    const { account } = bank.provider
    switch (plan) {
      case 'pay late':
        await this.#wait(...random.pick(LATE))
        return this.#pay(intentId)
      case 'bank is slow':
        if (this.#world.isCalm || !account.process(intentId)) return
        await this.#wait(...random.pick(SLOW_BANK))
        if (random.chance(0.3)) account.decline(intentId, 'insufficient_funds')
        else account.settle(intentId)
        return
      case 'decline':
        account.decline(intentId, 'card_declined')
        await this.#wait(0, MINUTE)
        return this.#pay(intentId)
      case 'leave':
        return this.#meanwhile(this.#leave(enrollmentId), intentId)
      case 'cancel payment':
        return this.#meanwhile(this.#cancelPayment(paymentId), intentId)
      case 'abandon':
        return
      case 'pay':
        return this.#pay(intentId)
    }
  }

  async #afterwards(enrollmentId: EnrollmentId, payment: OpenPayment | undefined): Promise<void> {
    const { random } = this.#world
    if (this.#world.learning.enrollments.get(enrollmentId)?.state.status !== 'ACTIVE') {
      // Without a seat the money goes back by itself; not everybody waits for that.
      if (payment && random.chance(0.5)) await this.#refund(payment.paymentId)
      if (payment && random.chance(0.1)) this.#dispute(payment.intentId)
      return
    }
    switch (random.pick(SEQUELS)) {
      case 'leave':
        return this.#leave(enrollmentId)
      case 'leave late':
        await this.#untilWindowCloses(enrollmentId)
        return this.#leave(enrollmentId)
      case 'refund':
        if (payment) await this.#refund(payment.paymentId)
        return
      case 'dispute':
        if (payment) this.#dispute(payment.intentId)
        await this.#wait(0, MINUTE)
        if (payment && random.chance(0.3)) await this.#refund(payment.paymentId)
        return
      case 'all at once':
        if (payment && random.chance(0.2)) this.#dispute(payment.intentId)
        await Promise.all([this.#leave(enrollmentId), payment && this.#refund(payment.paymentId)])
        return
      case 'stay':
        return
    }
  }

  /** Just before or after the last moment to leave with the money back. */
  #untilWindowCloses(enrollmentId: EnrollmentId): Promise<void> {
    const { now, random } = this.#world
    const since = accessSince(this.#world.learning.enrollments.get(enrollmentId)?.state.grants ?? []) ?? now
    const leftMs = msBetween(now, addMs(since, CANCELLATION_WINDOW_MS))
    const aroundMs = random.pick([SECOND, 10 * SECOND, HOUR])
    return this.#wait(leftMs - aroundMs, leftMs + aroundMs / 10)
  }

  /** The page is still open at the provider while the request is under way. */
  async #meanwhile(request: Promise<void>, intentId: string): Promise<void> {
    if (this.#world.random.chance(0.4)) this.#pay(intentId)
    await request
    if (this.#world.random.chance(0.3)) this.#pay(intentId)
  }

  #pay(intentId: string): void {
    if (!this.#world.isCalm) this.#world.bank.provider.account.pay(intentId)
  }

  #dispute(intentId: string): void {
    if (!this.#world.isCalm) this.#world.bank.dispute(intentId)
  }

  async #leave(enrollmentId: EnrollmentId): Promise<void> {
    if (!this.#world.isCalm) await this.#client.send('learning', CancelEnrollment.type, { enrollmentId })
  }

  async #cancelPayment(paymentId: PaymentId): Promise<void> {
    await this.#client.send('payment', CancelPayment.type, { paymentId }, this.#world.ids.next('key'))
  }

  async #refund(paymentId: PaymentId): Promise<void> {
    if (this.#world.isCalm) return
    const { random, ids } = this.#world
    const key = ids.next('key')
    const ask = (under: string) => this.#client.send('payment', RequestRefund.type, { paymentId }, under)
    await Promise.all([ask(key), random.chance(0.3) && ask(key), random.chance(0.3) && ask(ids.next('key'))])
  }

  #wait(...[fromMs, toMs]: Span): Promise<void> {
    return this.#world.scheduler.sleep(this.#world.random.between(fromMs, toMs), `${this.#client.userId} goes on`)
  }
}
