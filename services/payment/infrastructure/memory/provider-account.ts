import type { Instant } from '#domain/kernel/clock.ts'
import type { PaymentId, PayoutId, RefundId } from '#domain/kernel/ids.ts'
import type { Money } from '#domain/kernel/money.ts'
import type { Intent } from '#domain/payment/intent.ts'
import type {
  DisputedIntent,
  IntentRequest,
  ProviderDispute,
  ProviderPayout,
  ProviderPayoutRequest,
  ProviderRefund,
  ProviderRefundRequest,
} from '#domain/payment/payment-provider.ts'
import type { DisputeId } from '#domain/payment/values.ts'
import type { NoticeSubject, ProviderNotice } from '../../ports.ts'

export interface AccountIntent {
  readonly paymentId: PaymentId
  readonly intent: Intent
  readonly createdAt: Instant
}

export interface AccountRefund {
  readonly refundId: RefundId
  readonly intentId: string
  readonly money: Money
  readonly refund: ProviderRefund
  readonly createdAt: Instant
}

export interface AccountDispute extends ProviderDispute {
  readonly intentId: string
  readonly createdAt: Instant
}

export interface AccountOptions {
  readonly now: () => Instant
  /** Told of every change, to be delivered as a webhook: late, twice, in another order or never. */
  readonly onNotice?: (notice: ProviderNotice) => void
}

const idOf = (subject: NoticeSubject): string | null => {
  switch (subject?.kind) {
    case 'payment':
      return subject.paymentId
    case 'refund':
      return subject.refundId
    case 'dispute':
      return subject.disputeId
    case 'payout':
      return subject.payoutId
    default:
      return null
  }
}

/** The provider's side of the memory provider: its books, and what payers and banks do there. */
export class ProviderAccount {
  readonly intents = new Map<string, AccountIntent>()
  readonly refunds = new Map<RefundId, AccountRefund>()
  readonly disputes = new Map<DisputeId, AccountDispute>()
  /** By their own ids: nothing here keeps a payout from being sent twice. */
  readonly transfers = new Map<string, ProviderPayoutRequest & { readonly payout: ProviderPayout }>()
  readonly #options: AccountOptions
  #notices = 0

  constructor(options: AccountOptions) {
    this.#options = options
  }

  createIntent({ paymentId, money }: IntentRequest): Intent {
    const intentId = `pi_${this.intents.size + 1}`
    const clientSecret = `${intentId}_secret`
    const intent: Intent = { intentId, money, status: 'requires_action', clientSecret, declineCode: null }
    this.intents.set(intentId, { paymentId, intent, createdAt: this.#options.now() })
    return intent
  }

  intentsOf(paymentId: PaymentId): readonly Intent[] {
    return [...this.intents.values()].filter((stored) => stored.paymentId === paymentId).map(({ intent }) => intent)
  }

  /** The payer confirms, and the bank agrees. False where the intent cannot be paid any more. */
  pay(intentId: string): boolean {
    return this.#change(intentId, ['requires_action'], ({ money }) => ({ intentId, money, status: 'succeeded' }))
  }

  /** The payer confirms, and the bank declines. */
  decline(intentId: string, declineCode: string): boolean {
    return this.#change(intentId, ['requires_action', 'processing'], ({ money }) => {
      const clientSecret = `${intentId}_secret`
      return { intentId, money, status: 'requires_action', clientSecret, declineCode }
    })
  }

  /** The payer confirms, and the bank takes its time; `settle` or `decline` ends it. */
  process(intentId: string): boolean {
    const clientSecret = `${intentId}_secret`
    return this.#change(intentId, ['requires_action'], ({ money }) => {
      return { intentId, money, status: 'processing', clientSecret }
    })
  }

  settle(intentId: string): boolean {
    return this.#change(intentId, ['processing'], ({ money }) => ({ intentId, money, status: 'succeeded' }))
  }

  cancel(intentId: string): boolean {
    return this.#change(intentId, ['requires_action'], ({ money }) => ({ intentId, money, status: 'cancelled' }))
  }

  /** Undefined where nothing of that size is left to give back. */
  createRefund({ refundId, intentId, money }: ProviderRefundRequest, pending: boolean): ProviderRefund | undefined {
    if (this.#left(intentId) < money.amount) return undefined
    const providerRefundId = `re_${this.refunds.size + 1}`
    const refund: ProviderRefund = { status: pending ? 'pending' : 'succeeded', providerRefundId }
    this.refunds.set(refundId, { refundId, intentId, money, refund, createdAt: this.#options.now() })
    return refund
  }

  transfer(request: ProviderPayoutRequest): ProviderPayout {
    const reversed = { ...request.money, amount: 0 }
    const transferId = `tr_${this.transfers.size + 1}`
    const payout = { status: 'sent', transferId, reversed } as const
    this.transfers.set(transferId, { ...request, payout })
    return payout
  }

  /** Some of a transfer comes back; false where so much is not there any more. */
  reverse(transferId: string, amount: number): boolean {
    const sent = this.transfers.get(transferId)
    if (!sent || sent.payout.reversed.amount + amount > sent.money.amount) return false
    const reversed = { ...sent.money, amount: sent.payout.reversed.amount + amount }
    this.transfers.set(transferId, { ...sent, payout: { ...sent.payout, reversed } })
    this.#tell('transfer.reversed', { kind: 'payout', payoutId: sent.payoutId })
    return true
  }

  transfersOf(payoutId: PayoutId): ProviderPayout[] {
    return [...this.transfers.values()].filter((sent) => sent.payoutId === payoutId).map(({ payout }) => payout)
  }

  /** The bank ends a pending refund. */
  settleRefund(refundId: RefundId, outcome: 'succeeded' | 'failed'): boolean {
    const stored = this.refunds.get(refundId)
    if (stored?.refund.status !== 'pending') return false
    const { providerRefundId } = stored.refund
    const refund: ProviderRefund =
      outcome === 'succeeded' ? { status: outcome, providerRefundId } : { status: outcome, code: 'bank_refused' }
    this.refunds.set(refundId, { ...stored, refund })
    this.#tell('refund.updated', { kind: 'refund', refundId })
    return true
  }

  /** The payer's bank takes back what is left of a payment; false where nothing is. */
  dispute(intentId: string): boolean {
    const amount = this.#left(intentId)
    const currency = this.intents.get(intentId)?.intent.money.currency
    if (amount <= 0 || currency === undefined) return false
    const disputeId = `dp_${this.disputes.size + 1}`
    const dispute = { disputeId, status: 'open', money: { amount, currency }, reason: 'fraudulent' } as const
    this.disputes.set(disputeId, { ...dispute, intentId, createdAt: this.#options.now() })
    this.#tell('charge.dispute.created', { kind: 'dispute', disputeId })
    return true
  }

  /** The bank has decided. */
  closeDispute(disputeId: DisputeId, outcome: 'won' | 'lost'): boolean {
    const stored = this.disputes.get(disputeId)
    if (stored?.status !== 'open') return false
    this.disputes.set(disputeId, { ...stored, status: outcome })
    this.#tell('charge.dispute.closed', { kind: 'dispute', disputeId })
    return true
  }

  disputedIntent(disputeId: DisputeId): DisputedIntent | undefined {
    const dispute = this.disputes.get(disputeId)
    const stored = dispute && this.intents.get(dispute.intentId)
    return stored && { paymentId: stored.paymentId, intent: stored.intent, dispute }
  }

  /** Minor units that the bank holds, or has taken for good. */
  withdrawn(intentId: string, outcomes: readonly ProviderDispute['status'][] = ['open', 'lost']): number {
    const disputes = [...this.disputes.values()].filter((stored) => stored.intentId === intentId)
    return disputes.reduce((sum, { money, status }) => (outcomes.includes(status) ? sum + money.amount : sum), 0)
  }

  /** Minor units that were taken for this intent. */
  captured(intentId: string): number {
    const intent = this.intents.get(intentId)?.intent
    return intent?.status === 'succeeded' ? intent.money.amount : 0
  }

  /** Minor units that went back, or are on their way. */
  givenBack(intentId: string): number {
    const refunds = [...this.refunds.values()].filter((stored) => stored.intentId === intentId)
    return refunds.reduce((sum, { money, refund }) => (refund.status === 'failed' ? sum : sum + money.amount), 0)
  }

  #left(intentId: string): number {
    return this.captured(intentId) - this.givenBack(intentId) - this.withdrawn(intentId)
  }

  #change(intentId: string, from: readonly Intent['status'][], next: (intent: Intent) => Intent): boolean {
    const stored = this.intents.get(intentId)
    if (!stored || !from.includes(stored.intent.status)) return false
    const intent = next(stored.intent)
    this.intents.set(intentId, { ...stored, intent })
    this.#tell(`payment_intent.${intent.status}`, { kind: 'payment', paymentId: stored.paymentId })
    return true
  }

  #tell(type: string, subject: NoticeSubject): void {
    this.#notices += 1
    this.#options.onNotice?.({ eventId: `evt_${this.#notices}`, type, subject, about: idOf(subject) })
  }
}
