import type { Scope } from '../scope.ts'
import { noSuch, rejected } from '../stripe/errors.ts'
import { newId } from '../stripe/ids.ts'
import { type Charge, Dispute } from '../stripe/objects.ts'
import type { PaymentMethod } from '../stripe/payment-methods.ts'

export const requireDispute = (scope: Scope, id: string): Dispute => {
  const dispute = scope.objects.find(Dispute, 'dispute', id)
  if (!dispute) throw noSuch('dispute', id, 'dispute')
  return dispute
}

const disputesOf = (scope: Scope, paymentIntent: string): Dispute[] =>
  scope.objects.list(Dispute, { object: 'dispute', limit: Number.MAX_SAFE_INTEGER, paymentIntent })

/** An inquiry takes no money. */
export const holdsMoney = ({ status }: Dispute): boolean => status !== 'won' && status !== 'warning_needs_response'

/** True while the bank has taken the money of a charge, for the time being or for good. */
export const isWithdrawn = (scope: Scope, { payment_intent }: Charge): boolean =>
  disputesOf(scope, payment_intent).some(holdsMoney)

/** The payer's bank takes back what is left of a charge. */
export const openDispute = (scope: Scope, charge: Charge, kind: NonNullable<PaymentMethod['dispute']>): Dispute => {
  const left = charge.amount_captured - charge.amount_refunded
  if (left === 0 || isWithdrawn(scope, charge))
    throw rejected(`Charge ${charge.id} has nothing to dispute.`, { param: 'charge' })
  const isInquiry = kind === 'inquiry'
  const dispute: Dispute = {
    id: newId('dp'),
    object: 'dispute',
    amount: left,
    charge: charge.id,
    created: scope.now,
    currency: charge.currency,
    evidence: { uncategorized_text: null },
    is_charge_refundable: isInquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: isInquiry ? 'fraudulent' : kind,
    status: isInquiry ? 'warning_needs_response' : 'needs_response',
  }
  scope.objects.insert(dispute, { paymentIntent: charge.payment_intent })
  const disputed: Charge = { ...charge, disputed: true }
  scope.objects.update(disputed)
  scope.events.record(scope.origin, 'charge.dispute.created', dispute, charge.metadata)
  if (!isInquiry) scope.events.record(scope.origin, 'charge.dispute.funds_withdrawn', dispute, charge.metadata)
  return dispute
}

/** The bank has decided. */
export const closeDispute = (scope: Scope, dispute: Dispute, outcome: 'won' | 'lost'): Dispute => {
  if (dispute.status !== 'needs_response' && dispute.status !== 'under_review')
    throw rejected(`This dispute is already closed: it has a status of ${dispute.status}.`, { param: 'dispute' })
  const closed: Dispute = { ...dispute, status: outcome }
  scope.objects.update(closed)
  scope.events.record(scope.origin, 'charge.dispute.closed', closed, {})
  if (outcome === 'won') scope.events.record(scope.origin, 'charge.dispute.funds_reinstated', closed, {})
  return closed
}
