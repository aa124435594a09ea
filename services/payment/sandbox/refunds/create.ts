import { z } from 'zod'
import { isWithdrawn } from '../disputes/disputes.ts'
import { requireCharge, requirePaymentIntent } from '../payment-intents/store.ts'
import type { Scope } from '../scope.ts'
import { checkStep, formatAmount } from '../stripe/currencies.ts'
import { invalidParameter, rejected } from '../stripe/errors.ts'
import { newId } from '../stripe/ids.ts'
import type { Charge, Metadata, Refund } from '../stripe/objects.ts'
import { Integer, MetadataParameter, Text } from '../stripe/parameters.ts'
import { findPaymentMethod } from '../stripe/payment-methods.ts'

export const CreateParameters = z.strictObject({
  amount: Integer.optional(),
  charge: Text(100).optional(),
  metadata: MetadataParameter.default({}),
  payment_intent: Text(100).optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
})
type CreateParameters = z.infer<typeof CreateParameters>

const chargeToRefund = (scope: Scope, { charge, payment_intent }: CreateParameters): Charge => {
  if (charge) return requireCharge(scope, charge, 'charge')
  if (!payment_intent) {
    throw invalidParameter(
      'payment_intent',
      'One of the following params should be provided: payment_intent or charge.',
    )
  }
  const intent = requirePaymentIntent(scope, payment_intent, 'payment_intent')
  if (intent.status === 'succeeded' && intent.latest_charge) return requireCharge(scope, intent.latest_charge)
  throw rejected(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, {
    param: 'payment_intent',
  })
}

/** Refunds of a charge never exceed what it captured; a failed refund gives its amount back. */
const refundableAmount = (scope: Scope, charge: Charge, requested: number | undefined): number => {
  if (charge.status !== 'succeeded') {
    throw rejected(`Charge ${charge.id} has not been captured, so it cannot be refunded.`, { param: 'charge' })
  }
  if (isWithdrawn(scope, charge)) {
    throw rejected(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' })
  }
  const left = charge.amount_captured - charge.amount_refunded
  if (left === 0) {
    throw rejected(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' })
  }
  const amount = requested ?? left
  if (amount < 1) throw invalidParameter('amount', 'Invalid positive integer', 'parameter_invalid_integer')
  checkStep(amount, charge.currency)
  if (amount > left) {
    const [asked, open] = [formatAmount(amount, charge.currency), formatAmount(left, charge.currency)]
    throw rejected(`Refund amount (${asked}) is greater than unrefunded amount on charge (${open})`, {
      param: 'amount',
    })
  }
  return amount
}

const recordRefund = (scope: Scope, refund: Refund, charge: Charge, metadata: Metadata): void => {
  scope.objects.insert(refund, { paymentIntent: charge.payment_intent })
  scope.objects.update(charge)
  scope.events.record(scope.origin, 'refund.created', refund, metadata)
  scope.events.record(scope.origin, 'charge.refunded', charge, metadata)
}

export const createRefund = (scope: Scope, parameters: CreateParameters): Refund => {
  const charge = chargeToRefund(scope, parameters)
  const amount = refundableAmount(scope, charge, parameters.amount)
  const refunded = charge.amount_refunded + amount
  const refund: Refund = {
    id: newId('re'),
    object: 'refund',
    amount,
    charge: charge.id,
    created: scope.now,
    currency: charge.currency,
    metadata: parameters.metadata,
    payment_intent: charge.payment_intent,
    reason: parameters.reason ?? null,
    status: findPaymentMethod(charge.payment_method).refund === 'pending' ? 'pending' : 'succeeded',
  }
  const changed = { ...charge, amount_refunded: refunded, refunded: refunded === charge.amount_captured }
  recordRefund(scope, refund, changed, { ...charge.metadata, ...refund.metadata })
  return refund
}
