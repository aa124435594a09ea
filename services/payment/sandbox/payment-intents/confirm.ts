import { z } from 'zod'
import type { Scope } from '../scope.ts'
import { invalidParameter, rejected } from '../stripe/errors.ts'
import type { PaymentIntent } from '../stripe/objects.ts'
import { Flag, Text } from '../stripe/parameters.ts'
import { findPaymentMethod, type PaymentMethod } from '../stripe/payment-methods.ts'
import { attemptPayment } from './attempt.ts'
import { presentPaymentIntent } from './present.ts'

export const ConfirmParameters = z.strictObject({
  client_secret: Text(200).optional(),
  payment_method: Text(100).optional(),
  receipt_email: Text(320).optional(),
  return_url: Text(2000).optional(),
  use_stripe_sdk: Flag.optional(),
})
type ConfirmParameters = z.infer<typeof ConfirmParameters>

const confirmable = new Set<PaymentIntent['status']>([
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
])

const assertConfirmable = (intent: PaymentIntent): void => {
  if (confirmable.has(intent.status)) return
  const why =
    intent.status === 'succeeded'
      ? 'it has already succeeded after being previously confirmed'
      : `it has a status of ${intent.status}`
  throw rejected(`You cannot confirm this PaymentIntent because ${why}.`, {
    code: 'payment_intent_unexpected_state',
    payment_intent: presentPaymentIntent(intent),
  })
}

const chosenMethod = (intent: PaymentIntent, requested: string | undefined): PaymentMethod => {
  const id = requested ?? intent.payment_method
  if (!id) {
    throw rejected("You cannot confirm this PaymentIntent because it's missing a payment method.", {
      code: 'payment_intent_unexpected_state',
      payment_intent: presentPaymentIntent(intent),
    })
  }
  const method = findPaymentMethod(id)
  if (intent.payment_method_types.includes(method.type)) return method
  throw invalidParameter(
    'payment_method',
    `The PaymentMethod provided (${method.type}) is not allowed for this PaymentIntent.`,
    'payment_intent_invalid_parameter',
  )
}

/** Tries to take the money. Declines are thrown as Stripe's 402, with their effects already written. */
export const confirmPaymentIntent = (
  scope: Scope,
  intent: PaymentIntent,
  parameters: ConfirmParameters,
): PaymentIntent => {
  assertConfirmable(intent)
  const method = chosenMethod(intent, parameters.payment_method)
  const confirmed: PaymentIntent = {
    ...intent,
    payment_method: method.id,
    receipt_email: parameters.receipt_email ?? intent.receipt_email,
    // Authentication is good for the method that it was done with, and for one confirmation.
    authenticated: intent.authenticated && intent.payment_method === method.id,
  }
  return attemptPayment(scope, confirmed, method, parameters.return_url)
}
