import { requireCharge } from '../payment-intents/store.ts'
import type { Scope } from '../scope.ts'
import { noSuch, rejected } from '../stripe/errors.ts'
import { type Charge, Refund } from '../stripe/objects.ts'
import { findPaymentMethod } from '../stripe/payment-methods.ts'

export const requireRefund = (scope: Scope, id: string): Refund => {
  const refund = scope.objects.find(Refund, 'refund', id)
  if (!refund) throw noSuch('refund', id, 'refund')
  return refund
}

const nextState = (refund: Refund, behaviour: 'pending' | 'fails_later' | undefined): Refund => {
  if (behaviour === 'pending' && refund.status === 'pending') return { ...refund, status: 'succeeded' }
  if (behaviour === 'fails_later' && refund.status === 'succeeded') {
    return { ...refund, status: 'failed', failure_reason: 'expired_or_canceled_card' }
  }
  throw rejected(`Refund ${refund.id} has nothing to settle: it has a status of ${refund.status}.`, { param: 'refund' })
}

/** Stands for the bank days later: ends the refunds of `pm_card_pendingRefund`, fails those of `pm_card_refundFail`. */
export const settleRefund = (scope: Scope, id: string): Refund => {
  const refund = requireRefund(scope, id)
  const charge = requireCharge(scope, refund.charge)
  const settled = nextState(refund, findPaymentMethod(charge.payment_method).refund)
  scope.objects.update(settled)
  const metadata = { ...charge.metadata, ...refund.metadata }
  scope.events.record(scope.origin, 'refund.updated', settled, metadata)
  if (settled.status === 'failed') {
    const restored: Charge = { ...charge, amount_refunded: charge.amount_refunded - refund.amount, refunded: false }
    scope.objects.update(restored)
    scope.events.record(scope.origin, 'refund.failed', settled, metadata)
  }
  return settled
}
