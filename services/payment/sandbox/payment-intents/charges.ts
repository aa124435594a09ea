import type { Scope } from '../scope.ts'
import { newId } from '../stripe/ids.ts'
import type { Charge, PaymentIntent } from '../stripe/objects.ts'
import type { Decline, PaymentMethod } from '../stripe/payment-methods.ts'

const authorized: Charge['outcome'] = {
  network_status: 'approved_by_network',
  reason: null,
  risk_level: 'normal',
  seller_message: 'Payment complete.',
  type: 'authorized',
}

const methodDetails = ({ type, brand, last4 }: PaymentMethod): Charge['payment_method_details'] =>
  type === 'card' ? { type, card: { brand, last4 } } : { type, us_bank_account: { bank_name: brand, last4 } }

export const pendingCharge = (scope: Scope, intent: PaymentIntent, method: PaymentMethod): Charge => ({
  id: newId('ch'),
  object: 'charge',
  amount: intent.amount,
  amount_captured: 0,
  amount_refunded: 0,
  captured: false,
  created: scope.now,
  currency: intent.currency,
  description: intent.description,
  disputed: false,
  failure_code: null,
  failure_message: null,
  livemode: false,
  metadata: intent.metadata,
  outcome: null,
  paid: false,
  payment_intent: intent.id,
  payment_method: method.id,
  payment_method_details: methodDetails(method),
  receipt_email: intent.receipt_email,
  refunded: false,
  status: 'pending',
})

export const capturedCharge = (charge: Charge): Charge => ({
  ...charge,
  amount_captured: charge.amount,
  captured: true,
  outcome: authorized,
  paid: true,
  status: 'succeeded',
})

export const failedCharge = (charge: Charge, decline: Decline): Charge => ({
  ...charge,
  failure_code: decline.code,
  failure_message: decline.message,
  outcome: {
    network_status: 'declined_by_network',
    reason: decline.declineCode,
    risk_level: 'normal',
    seller_message: 'The bank did not approve the payment.',
    type: 'issuer_declined',
  },
  status: 'failed',
})
