import { AggregateRoot } from '../kernel/aggregate-root.ts'
import type { Instant } from '../kernel/clock.ts'
import type { PaymentId, UserId } from '../kernel/ids.ts'
import { addMoney, isZero, type Money, subtractMoney } from '../kernel/money.ts'
import {
  IntentMismatch,
  PaymentAlreadyCompleted,
  PaymentDisputed,
  PaymentNotNeeded,
  PaymentNotRefundable,
  RefundAmountZero,
  RefundExceedsCaptured,
} from './errors.ts'
import { PaymentCompleted, PaymentFailed, PaymentInitiated } from './events.ts'
import { type CancelRequest, declined, type Intent } from './intent.ts'
import { type CompletedPayment, factsOf, intentIdOf, type PaymentState } from './payment-state.ts'
import type { Purchase } from './purchase.ts'
import { type PurchaseRef, sameMoney, samePurchase } from './values.ts'

/**
 * The one payment of a purchase. The provider is the truth about money: what is read there may arrive late, twice and
 * in any order, and every order ends in the same state. Success wins over everything; a cancel or a decline is a wish
 * until the provider has confirmed that no money can come any more.
 */
export class Payment extends AggregateRoot<PaymentState> {
  static restore(state: PaymentState, version: number): Payment {
    return new Payment(state, version)
  }

  static initiate(id: PaymentId, purchase: Purchase, at: Instant): Payment {
    const { id: purchaseId, ref, payerId, total: money, shares } = purchase.open
    if (isZero(money)) throw PaymentNotNeeded(ref)
    const facts = { id, purchaseId, purchase: ref, payerId, money, shares, initiatedAt: at }
    const payment = new Payment({ ...facts, status: 'INITIATED', cancelRequested: null }, 0)
    payment.apply(PaymentInitiated, { paymentId: id, purchase: ref, payerId, money })
    return payment
  }

  /** Applies what was read at the provider; true where it changed something. */
  observe(intent: Intent, at: Instant): boolean {
    const attached = intentIdOf(this.current)
    if (attached !== null && attached !== intent.intentId) throw IntentMismatch(this.id)
    if (!sameMoney(intent.money, this.current.money)) throw IntentMismatch(this.id)
    const before = this.current
    this.#take(intent, at)
    return this.current !== before
  }

  /** Records a wish to end without money; true for the first one, which stays. A payer is told when it is too late. */
  requestCancel(request: CancelRequest): boolean {
    const state = this.current
    if (state.status === 'COMPLETED' && request.reason === 'payer') throw PaymentAlreadyCompleted(this.id)
    if (!('cancelRequested' in state) || state.cancelRequested !== null) return false
    this.become({ ...state, cancelRequested: request })
    return true
  }

  /** True while the provider still has to be asked to cancel; before there is an intent, its creation goes first. */
  get mustCancelIntent(): boolean {
    const state = this.current
    return (state.status === 'REQUIRES_ACTION' || state.status === 'PROCESSING') && state.cancelRequested !== null
  }

  /** The provider definitely refused to create an intent, so there is none to cancel; true where that ends it. */
  intentRefused(code: string, at: Instant): boolean {
    if (this.current.status !== 'INITIATED') return false
    this.#end('FAILED', null, code, at)
    return true
  }

  /** True only for the very purchase, payer and amount, paid and not gone as a whole. */
  pays(asked: { purchase: PurchaseRef; payerId: UserId; money: Money }): boolean {
    const state = this.current
    return (
      state.status === 'COMPLETED' &&
      samePurchase(state.purchase, asked.purchase) &&
      state.payerId === asked.payerId &&
      sameMoney(state.money, asked.money) &&
      !isGone(state)
    )
  }

  /** Completed, or else `PAYMENT_NOT_REFUNDABLE`. */
  get captured(): CompletedPayment {
    if (this.current.status !== 'COMPLETED') throw PaymentNotRefundable(this.id, this.current.status)
    return this.current
  }

  /** What is captured and neither refunded, set aside for a refund, nor withdrawn by the payer's bank. */
  get refundable(): Money {
    const { money, refundPending, refunded, disputed, chargedBack } = this.captured
    const spoken = [refundPending, refunded, disputed, chargedBack].reduce(addMoney)
    // A bank may dispute what has just been given back.
    return spoken.amount > money.amount ? { ...money, amount: 0 } : subtractMoney(money, spoken)
  }

  /**
   * Sets money aside for a refund. The amount stands on the payment itself, so that two refunds at a time meet at its
   * version and cannot give back more than was captured.
   */
  reserveRefund(money: Money): void {
    const state = this.captured
    const refundable = this.refundable
    if (isZero(refundable) && !isZero(state.disputed)) throw PaymentDisputed(this.id)
    if (isZero(money)) throw RefundAmountZero()
    if (money.currency !== refundable.currency || money.amount > refundable.amount)
      throw RefundExceedsCaptured(refundable)
    this.become({ ...state, refundPending: addMoney(state.refundPending, money) })
  }

  /** The provider has sent reserved money back; true where no captured money is left now. */
  settleRefund(money: Money): boolean {
    const state = this.captured
    const refunded = addMoney(state.refunded, money)
    const next = { ...state, refundPending: subtractMoney(state.refundPending, money), refunded }
    this.become(next)
    return isGone(next)
  }

  /** The provider refused a refund; its money can be asked for again. */
  releaseRefund(money: Money): void {
    const state = this.captured
    this.become({ ...state, refundPending: subtractMoney(state.refundPending, money) })
  }

  /** The payer's bank has taken the money until it has decided. */
  withdraw(money: Money): void {
    const state = this.captured
    this.become({ ...state, disputed: addMoney(state.disputed, money) })
  }

  /** The bank has decided on what it took; true where no captured money is left now. */
  settleDispute(money: Money, outcome: 'won' | 'lost'): boolean {
    const state = this.captured
    const disputed = subtractMoney(state.disputed, money)
    const chargedBack = outcome === 'lost' ? addMoney(state.chargedBack, money) : state.chargedBack
    const next = { ...state, disputed, chargedBack }
    this.become(next)
    return isGone(next)
  }

  #take(intent: Intent, at: Instant): void {
    switch (intent.status) {
      case 'succeeded':
        return this.#complete(intent.intentId, at)
      case 'cancelled':
        return this.#confirmCancelled(intent.intentId, at)
      case 'processing':
        return this.#wait('PROCESSING', intent)
      case 'requires_action':
        this.#wait('REQUIRES_ACTION', intent)
        if (intent.declineCode !== null) this.requestCancel(declined(intent.declineCode))
    }
  }

  #wait(status: 'REQUIRES_ACTION' | 'PROCESSING', { intentId, clientSecret }: Intent & { clientSecret: string }): void {
    const state = this.current
    if (!('cancelRequested' in state) || state.status === status) return
    this.become({ ...state, status, intentId, clientSecret })
  }

  #complete(intentId: string, at: Instant): void {
    if (this.current.status === 'COMPLETED') return
    const facts = factsOf(this.current)
    const none = { amount: 0, currency: facts.money.currency }
    const untouched = { refundPending: none, refunded: none, disputed: none, chargedBack: none }
    this.become({ ...facts, status: 'COMPLETED', intentId, completedAt: at, ...untouched })
    const { purchase, payerId, money } = facts
    this.apply(PaymentCompleted, { paymentId: this.id, purchase, payerId, money, completedAt: at })
  }

  #confirmCancelled(intentId: string, at: Instant): void {
    if (!('cancelRequested' in this.current)) return
    const request = this.current.cancelRequested
    this.#end(
      request?.reason === 'declined' ? 'FAILED' : 'CANCELLED',
      intentId,
      request?.code ?? 'cancelled_at_provider',
      at,
    )
  }

  #end(status: 'FAILED' | 'CANCELLED', intentId: string | null, code: string, at: Instant): void {
    this.become({ ...factsOf(this.current), status, intentId, code, endedAt: at })
    this.apply(PaymentFailed, { paymentId: this.id, purchase: this.current.purchase, code, retryable: false })
  }
}

/** Nothing of the captured money is left: refunded, or charged back. */
const isGone = ({ money, refunded, chargedBack }: CompletedPayment): boolean =>
  addMoney(refunded, chargedBack).amount >= money.amount
