import { AggregateRoot } from '../kernel/aggregate-root.ts'
import { addMs, DAY, type Instant } from '../kernel/clock.ts'
import type { PaymentId, RefundId, UserId } from '../kernel/ids.ts'
import type { Money } from '../kernel/money.ts'
import { RefundActionReused, RefundAlreadySettled, RefundWindowClosed } from './errors.ts'
import { RefundFailed, RefundProcessed } from './events.ts'
import type { Payment } from './payment.ts'
import { sharesTakenBack } from './payment-state.ts'
import { type PurchaseRef, type RefundReason, sameMoney } from './values.ts'

/** How long after paying a payer may ask for the money back. */
export const REFUND_WINDOW_DAYS = 14

interface RefundFacts {
  readonly id: RefundId
  readonly paymentId: PaymentId
  readonly purchase: PurchaseRef
  readonly payerId: UserId
  readonly money: Money
  readonly reason: RefundReason
  /** Unique over all refunds: one act, one refund. */
  readonly actionId: string
  readonly requestedAt: Instant
}

export interface PendingRefund extends RefundFacts {
  readonly status: 'PENDING'
}

export interface ProcessedRefund extends RefundFacts {
  readonly status: 'PROCESSED'
  /** Unique over all refunds. */
  readonly providerRefundId: string
  /** The refund after which no captured money is left. */
  readonly full: boolean
  readonly processedAt: Instant
}

export interface FailedRefund extends RefundFacts {
  readonly status: 'FAILED'
  readonly code: string
  readonly failedAt: Instant
}

export type RefundState = PendingRefund | ProcessedRefund | FailedRefund

export interface RefundRequest {
  readonly id: RefundId
  readonly actionId: string
  readonly reason: RefundReason
  /** All that is refundable where it is absent. */
  readonly money?: Money | undefined
}

/** Money on its way back. Every step also moves the payment's own count: save both. */
export class Refund extends AggregateRoot<RefundState> {
  static restore(state: RefundState, version: number): Refund {
    return new Refund(state, version)
  }

  static request(payment: Payment, request: RefundRequest, at: Instant): Refund {
    const { id: paymentId, purchase, payerId, completedAt } = payment.captured
    const until = addMs(completedAt, REFUND_WINDOW_DAYS * DAY)
    if (request.reason === 'requested_by_payer' && at > until) throw RefundWindowClosed(until)
    const money = request.money ?? payment.refundable
    payment.reserveRefund(money)
    const { id, actionId, reason } = request
    const state = {
      id,
      paymentId,
      purchase,
      payerId,
      money,
      reason,
      actionId,
      requestedAt: at,
      status: 'PENDING',
    } as const
    return new Refund(state, 0)
  }

  /** Lets a repeated action through only where it asks for the refund that it made. */
  confirm(asked: { paymentId: PaymentId; money?: Money | undefined }): void {
    const { paymentId, money, actionId } = this.current
    const same = paymentId === asked.paymentId && (asked.money === undefined || sameMoney(money, asked.money))
    if (!same) throw RefundActionReused(actionId)
  }

  /** The provider has sent the money back. The same fact again changes nothing; false then. */
  processed(providerRefundId: string, payment: Payment, at: Instant): boolean {
    const state = this.current
    if (state.status === 'PROCESSED' && state.providerRefundId === providerRefundId) return false
    if (state.status !== 'PENDING') throw RefundAlreadySettled(this.id)
    const full = payment.settleRefund(state.money)
    this.become({ ...state, status: 'PROCESSED', providerRefundId, full, processedAt: at })
    const { paymentId, purchase, money, reason } = state
    const { tax } = sharesTakenBack(payment.captured, money)
    this.apply(RefundProcessed, { refundId: this.id, paymentId, purchase, money, tax, full, reason })
    return true
  }

  /** The provider will not send the money. The same fact again changes nothing; false then. */
  failed(code: string, payment: Payment, at: Instant): boolean {
    const state = this.current
    if (state.status === 'FAILED') return false
    if (state.status !== 'PENDING') throw RefundAlreadySettled(this.id)
    payment.releaseRefund(state.money)
    this.become({ ...state, status: 'FAILED', code, failedAt: at })
    const { paymentId, purchase, money, reason } = state
    this.apply(RefundFailed, { refundId: this.id, paymentId, purchase, money, reason, code })
    return true
  }
}
