import { createMemoryProvider, type MemoryProvider } from '#services/payment/infrastructure/memory/provider.ts'
import { DAY, MINUTE, SECOND } from '#domain/kernel/clock.ts'
import type { ProviderNotice } from '#services/payment/ports.ts'
import { drawDelayMs, type Faults } from '../engine/faults.ts'
import type { Scheduler } from '../engine/scheduler.ts'

export interface BankOptions {
  readonly scheduler: Scheduler
  readonly faults: () => Faults
  /** Hands a notice to the platform; rejects when it was not taken in. */
  readonly deliver: (notice: ProviderNotice) => Promise<void>
}

/** Times that the provider offers one notice before it gives up. */
const WEBHOOK_TRIES = 4

/** The payment provider and the banks behind it: late, forgetful, and always sure of what they have done. */
export class Bank {
  readonly provider: MemoryProvider
  readonly #options: BankOptions

  constructor(options: BankOptions) {
    this.#options = options
    const { scheduler, faults } = options
    const { random, clock } = scheduler
    this.provider = createMemoryProvider({
      now: clock.now,
      onNotice: (notice) => this.#announce(notice),
      disturb: ({ operation, subject }) => {
        const { providerLoses, providerIsLate, providerRefuses, refundWaits } = faults()
        return {
          ...(random.chance(providerLoses) && { lose: random.pick(['request', 'answer'] as const) }),
          ...(random.chance(providerIsLate) && { delay: scheduler.sleep(drawDelayMs(random), `${operation} arrives`) }),
          ...(operation === 'createIntent' && random.chance(providerRefuses) && { refuse: 'card_not_supported' }),
          ...(operation === 'sendPayout' && random.chance(providerRefuses) && { refuse: 'account_closed' }),
          ...(operation === 'createRefund' && random.chance(refundWaits) && { pending: this.#willSettle(subject) }),
        }
      },
    })
  }

  /** The payer says that it was not theirs; the bank decides when it likes. */
  dispute(intentId: string): void {
    const { account } = this.provider
    if (account.dispute(intentId)) void this.#decideLater([...account.disputes.keys()].at(-1) ?? '')
  }

  /** Ends everything that is still under way at a bank. */
  settleAll(): void {
    const { account } = this.provider
    for (const [intentId, { intent }] of account.intents) if (intent.status === 'processing') account.settle(intentId)
    for (const refundId of account.refunds.keys()) account.settleRefund(refundId, 'succeeded')
    for (const disputeId of account.disputes.keys()) account.closeDispute(disputeId, 'lost')
  }

  #willSettle(subject: string): boolean {
    void this.#settleLater(subject)
    return true
  }

  async #settleLater(subject: string): Promise<void> {
    const { scheduler, faults } = this.#options
    await scheduler.sleep(drawDelayMs(scheduler.random), 'the bank looks at a refund')
    const { account } = this.provider
    const outcome = scheduler.random.chance(faults().refundFails) ? 'failed' : 'succeeded'
    for (const refundId of account.refunds.keys()) if (refundId === subject) account.settleRefund(refundId, outcome)
  }

  async #decideLater(disputeId: string): Promise<void> {
    const { scheduler } = this.#options
    const { random } = scheduler
    await scheduler.sleep(random.between(SECOND, random.pick([MINUTE, DAY])), 'the bank decides on a dispute')
    this.provider.account.closeDispute(disputeId, random.pick(['won', 'lost'] as const))
  }

  #announce(notice: ProviderNotice): void {
    const { scheduler, faults } = this.#options
    const { webhookLost, webhookTwice } = faults()
    const copies = scheduler.random.chance(webhookLost) ? 0 : scheduler.random.chance(webhookTwice) ? 2 : 1
    for (let copy = 0; copy < copies; copy++) void this.#offer(notice)
  }

  async #offer(notice: ProviderNotice): Promise<void> {
    const { scheduler, deliver } = this.#options
    for (let left = WEBHOOK_TRIES; left > 0; left--) {
      await scheduler.sleep(drawDelayMs(scheduler.random), `${notice.type} arrives`)
      try {
        return await deliver(notice)
      } catch (error) {
        scheduler.note(`${notice.type} was not taken in: ${String(error)}`)
      }
    }
  }
}
