import type { Intent } from '#domain/payment/intent.ts'
import type {
  PaymentProvider,
  ProviderPayout,
  ProviderRefund,
  ProviderRefusal,
} from '#domain/payment/payment-provider.ts'
import { Unavailable } from '#bus/cqrs/errors.ts'
import { type AccountOptions, ProviderAccount } from './provider-account.ts'

export interface ProviderCall {
  readonly operation: 'createIntent' | 'cancelIntent' | 'createRefund' | 'sendPayout' | 'read'
  /** The payment, intent, refund or payout that it is about. */
  readonly subject: string
}

/** How one call goes wrong; tests and the simulation decide. */
export interface ProviderDisturbance {
  /** It fails before its effect, or after it: the caller cannot tell which. */
  readonly lose?: 'request' | 'answer'
  /** A definite no. */
  readonly refuse?: string
  /** A refund that the bank takes its time for; `settleRefund` ends it. */
  readonly pending?: boolean
  /** Held until this settles. */
  readonly delay?: Promise<void>
}

export interface MemoryProviderOptions extends AccountOptions {
  readonly disturb?: (call: ProviderCall) => ProviderDisturbance
}

export interface MemoryProvider extends PaymentProvider {
  /** Its books, and what payers and banks do; outlives every process of the platform. */
  readonly account: ProviderAccount
  /** As a day passes: a repeated call is a new one now. */
  forgetKeys(): void
}

const undisturbed: ProviderDisturbance = {}

const isPastCancelling = (
  intent: Intent,
): intent is Extract<Intent, { status: 'cancelled' | 'succeeded' | 'processing' }> =>
  intent.status !== 'requires_action'

/**
 * A provider in memory, for the simulation: deterministic, with no timers or randomness of its own. As at a real one the
 * first answer to a key is replayed, refusals included.
 */
export const createMemoryProvider = ({ disturb, ...options }: MemoryProviderOptions): MemoryProvider => {
  const account = new ProviderAccount(options)
  const intentKeys = new Map<string, Intent | ProviderRefusal>()
  const refundKeys = new Map<string, ProviderRefund | ProviderRefusal>()
  const payoutKeys = new Map<string, ProviderPayout | ProviderRefusal>()

  const call = async <T>(made: ProviderCall, act: (disturbance: ProviderDisturbance) => T): Promise<T> => {
    const disturbance = disturb?.(made) ?? undisturbed
    await disturbance.delay
    if (disturbance.lose === 'request') throw Unavailable('The payment provider')
    const answer = act(disturbance)
    if (disturbance.lose === 'answer') throw Unavailable('The payment provider')
    return answer
  }

  const keyed = <T>(keys: Map<string, T | ProviderRefusal>, key: string, refuse: string | undefined, act: () => T) => {
    const known = keys.get(key)
    if (known !== undefined) return known
    const answer = refuse === undefined ? act() : ({ status: 'refused', code: refuse } as const)
    keys.set(key, answer)
    return answer
  }

  const read = (intentId: string): Intent => {
    const stored = account.intents.get(intentId)
    if (!stored) throw new Error(`The provider knows no ${intentId}.`)
    return stored.intent
  }

  return {
    account,
    forgetKeys: () => {
      intentKeys.clear()
      refundKeys.clear()
      payoutKeys.clear()
    },
    createIntent: (request) =>
      call({ operation: 'createIntent', subject: request.paymentId }, ({ refuse }) =>
        keyed(intentKeys, request.paymentId, refuse, () => account.createIntent(request)),
      ),
    getIntent: (intentId) => call({ operation: 'read', subject: intentId }, () => read(intentId)),
    findIntent: ({ paymentId }) =>
      call({ operation: 'read', subject: paymentId }, () => account.intentsOf(paymentId).at(0)),
    cancelIntent: (intentId) =>
      call({ operation: 'cancelIntent', subject: intentId }, () => {
        account.cancel(intentId)
        const intent = read(intentId)
        if (!isPastCancelling(intent)) throw new Error(`${intentId} was not cancelled.`)
        return intent
      }),
    createRefund: (request) =>
      call({ operation: 'createRefund', subject: request.refundId }, ({ refuse, pending = false }) =>
        keyed<ProviderRefund | ProviderRefusal>(
          refundKeys,
          request.refundId,
          refuse,
          () => account.createRefund(request, pending) ?? { status: 'refused', code: 'charge_already_refunded' },
        ),
      ),
    findRefund: ({ refundId }) =>
      call({ operation: 'read', subject: refundId }, () => account.refunds.get(refundId)?.refund),
    sendPayout: (request) =>
      call({ operation: 'sendPayout', subject: request.payoutId }, ({ refuse }) =>
        keyed(payoutKeys, request.payoutId, refuse, () => account.transfer(request)),
      ),
    findPayout: (payoutId) => call({ operation: 'read', subject: payoutId }, () => account.transfersOf(payoutId).at(0)),
    listPayouts: async function* (since) {
      for (const { payoutId, payout, scheduledAt } of account.transfers.values())
        if (scheduledAt >= since) yield { payoutId, payout }
    },
    findDispute: (disputeId) =>
      call({ operation: 'read', subject: disputeId }, () => account.disputedIntent(disputeId)),
    listDisputes: async function* (since) {
      for (const { disputeId, createdAt } of account.disputes.values()) {
        const disputed = account.disputedIntent(disputeId)
        if (disputed && createdAt >= since) yield disputed
      }
    },
    listIntents: async function* (since) {
      for (const { paymentId, intent, createdAt } of account.intents.values())
        if (createdAt >= since) yield { paymentId, intent }
    },
    listRefunds: async function* (since) {
      for (const { refundId, refund, createdAt } of account.refunds.values())
        if (createdAt >= since) yield { refundId, refund }
    },
  }
}
