import { addMs, DAY, HOUR, MINUTE } from '#domain/kernel/clock.ts'
import { sagaIdOf } from '#domain/kernel/saga.ts'
import { Payment } from '#domain/payment/payment.ts'
import { PayoutAccount } from '#domain/payment/payout-account.ts'
import type { SagaInstance } from '#bus/sagas/instance.ts'
import { RequestRefund } from '#services/payment/commands/request-refund.ts'
import { StartReconciliation } from '#services/payment/commands/start-reconciliation.ts'
import { CANCEL_SAGA, redriveIn, RETRY_SAGA } from '../world/operations.ts'
import { PayOut } from '../world/pay-out.ts'
import type { World } from '../world/world.ts'
import type { Client } from './client.ts'

/** The pace of the reconciliation job. */
export const RECONCILE_EVERY_MS = 15 * MINUTE

/** How often somebody looks at what is stuck: some of it waits for a bank. */
const REPAIR_EVERY_MS = 5 * MINUTE

/** Staff, and the job that compares the books: what repairs is part of the platform's promise. */
export class Operator {
  readonly #world: World
  readonly #client: Client
  /** How often earnings are still to be looked at. */
  #payDays: number
  #reconciledMs = 0

  constructor(world: World, client: Client) {
    this.#world = world
    this.#client = client
    this.#payDays = world.random.between(1, 3)
  }

  /** Meddles with what runs, at any time. */
  async live(): Promise<void> {
    const { random, scheduler } = this.#world
    const meddling: (() => Promise<unknown>)[] = [
      () => this.#cancelOne(),
      () => this.#retryOne(),
      () => this.#refundSome(),
      () => this.#redriveAll(),
    ]
    for (let left = random.between(0, 3); left > 0; left--) {
      await scheduler.sleep(random.between(1, random.pick([MINUTE, HOUR, HOUR, 16 * DAY])), 'the operator looks')
      if (this.#world.isCalm) return
      await random.pick(meddling)()
    }
  }

  /** What the job does that pays tutors: weeks later, and now and then twice at once. */
  async payOutNowAndThen(): Promise<void> {
    const { random, scheduler, learning, ids, payment, now } = this.#world
    const { tutorId } = learning.course
    const account = PayoutAccount.register(tutorId, 'acct_tutor', now)
    payment.payoutAccounts.set(tutorId, { state: account.state, version: 1 })
    for (; this.#payDays > 0; this.#payDays--) {
      await scheduler.sleep(DAY * random.pick([1, 15, 15]), 'pay day')
      if (this.#world.isCalm) return
      const look = () => this.#client.send('payment', PayOut.type, { tutorId }, ids.next('key'))
      await Promise.all(random.chance(0.3) ? [look(), look()] : [look()])
      if (random.chance(0.5)) await this.#reverseOne()
    }
  }

  /** What the reconciliation job does, at the pace of the job. */
  async reconcileNowAndThen(): Promise<void> {
    const { random, scheduler } = this.#world
    while (!this.#world.isCalm) {
      await scheduler.sleep(RECONCILE_EVERY_MS * random.pick([1, 1, 4, 40, 1_000]), 'the job is due')
      if (!this.#world.isCalm) await this.#reconcile()
    }
  }

  /** Repairs what is visible as stuck; false when nothing is. */
  async repair(): Promise<boolean> {
    await this.#world.scheduler.sleep(REPAIR_EVERY_MS, 'the operator repairs')
    const [redriven, retried, refunded] = [
      await this.#redriveAll(),
      await this.#retryParked(),
      await this.#refundAgain(),
    ]
    const due = this.#world.scheduler.nowMs >= this.#reconciledMs + RECONCILE_EVERY_MS
    const reconciled = this.isUnsettled && due && (await this.#reconcile())
    return redriven || retried || refunded || reconciled
  }

  /** The books and the provider's may still differ. */
  get isUnsettled(): boolean {
    const { payments, refunds, disputes, payouts } = this.#world.payment
    const { account } = this.#world.bank.provider
    const open = new Set(['INITIATED', 'REQUIRES_ACTION', 'PROCESSING'])
    return (
      [...payments.values()].some(({ state }) => open.has(state.status)) ||
      [...refunds.values()].some(({ state }) => state.status === 'PENDING') ||
      [...payouts.values()].some(({ state }) => state.status === 'SCHEDULED') ||
      [...account.transfers.values()].some(({ payoutId, payout }) => {
        const state = payouts.get(payoutId)?.state
        return state?.status === 'SENT' && state.reversed.amount !== payout.reversed.amount
      }) ||
      [...account.disputes.keys()].some((id) => (disputes.get(id)?.state.status ?? 'OPEN') === 'OPEN')
    )
  }

  #sagas(): SagaInstance[] {
    return [...this.#world.host('learning').bus.sagas.values()].map(({ instance }) => instance)
  }

  async #cancelOne(): Promise<void> {
    const running = this.#sagas().filter(({ status }) => status === 'running')
    if (running.length > 0) await this.#onSaga(CANCEL_SAGA, this.#world.random.pick(running))
  }

  async #retryOne(): Promise<void> {
    const sagas = this.#sagas()
    if (sagas.length > 0) await this.#onSaga(RETRY_SAGA, this.#world.random.pick(sagas))
  }

  async #onSaga(type: string, { type: name, key }: SagaInstance): Promise<void> {
    await this.#client.send('learning', type, { sagaId: sagaIdOf({ name }, key) })
  }

  async #refundSome(): Promise<void> {
    const paid = [...this.#world.payment.payments.values()].flatMap(({ state }) =>
      state.status === 'COMPLETED' ? [state] : [],
    )
    if (paid.length === 0) return
    const { id: paymentId, money } = this.#world.random.pick(paid)
    const { random } = this.#world
    const some = { ...money, amount: random.chance(0.5) ? money.amount : random.between(1, money.amount) }
    await this.#client.send('payment', RequestRefund.type, { paymentId, money: some }, this.#world.ids.next('key'))
  }

  /** At the provider, past the platform. */
  async #reverseOne(): Promise<void> {
    const { random, scheduler, bank } = this.#world
    await scheduler.sleep(random.between(1, HOUR), 'a transfer is reversed')
    // The reconciliation lists by when they were made, and looks back two hours.
    const young = addMs(this.#world.now, -HOUR)
    const sent = [...bank.provider.account.transfers].filter(([, { scheduledAt }]) => scheduledAt > young)
    if (sent.length === 0 || this.#world.isCalm) return
    const [transferId, { money }] = random.pick(sent)
    bank.provider.account.reverse(transferId, random.between(1, money.amount))
  }

  async #redriveAll(): Promise<boolean> {
    const letters = this.#world.hosts.flatMap(({ service, bus }) =>
      [...bus.deadLetters.keys()].map((deadLetterId) => ({ service, deadLetterId })),
    )
    for (const { service, deadLetterId } of letters)
      await this.#client.send(service, redriveIn(service), { deadLetterId })
    return letters.length > 0
  }

  async #retryParked(): Promise<boolean> {
    const parked = this.#sagas().filter(({ status }) => status === 'parked')
    for (const saga of parked) await this.#onSaga(RETRY_SAGA, saga)
    return parked.length > 0
  }

  /** A bank that would not take a refund is asked again by hand, where nobody is in the course for the money. */
  async #refundAgain(): Promise<boolean> {
    const { payments, refunds } = this.#world.payment
    const failed = [...refunds.values()].flatMap(({ state }) => (state.status === 'FAILED' ? [state.paymentId] : []))
    const owed = [...new Set(failed)].filter((id) => {
      const state = payments.get(id)?.state
      return state?.status === 'COMPLETED' && Payment.restore(state, 1).refundable.amount > 0
    })
    for (const paymentId of owed)
      await this.#client.send('payment', RequestRefund.type, { paymentId }, this.#world.ids.next('key'))
    return owed.length > 0
  }

  async #reconcile(): Promise<boolean> {
    this.#reconciledMs = this.#world.scheduler.nowMs
    const since = addMs(this.#world.now, -2 * HOUR)
    await this.#client.send('payment', StartReconciliation.type, { since })
    return true
  }
}
