import { z } from 'zod'
import type { Scope } from '../scope.ts'
import { rejected } from '../stripe/errors.ts'
import type { PaymentIntent } from '../stripe/objects.ts'
import { Text } from '../stripe/parameters.ts'
import { findPaymentMethod } from '../stripe/payment-methods.ts'
import { attemptPayment } from './attempt.ts'
import { presentPaymentIntent } from './present.ts'
import { changePaymentIntent } from './store.ts'

export const AuthenticateParameters = z.strictObject({
  client_secret: Text(200).optional(),
  outcome: z.enum(['success', 'failure']).default('success'),
})
type AuthenticateParameters = z.infer<typeof AuthenticateParameters>

const authenticationFailed: PaymentIntent['last_payment_error'] = {
  code: 'payment_intent_authentication_failure',
  message:
    'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new ' +
    'PaymentMethod to attempt to fulfill this PaymentIntent again.',
  type: 'invalid_request_error',
}

/**
 * Stands for the customer at the bank's 3D Secure page. As at Stripe, the payment goes on by itself afterwards, and
 * waits for another confirmation where `confirmation_method` is manual.
 */
export const authenticatePaymentIntent = (
  scope: Scope,
  intent: PaymentIntent,
  { outcome }: AuthenticateParameters,
): PaymentIntent => {
  if (intent.status !== 'requires_action' || !intent.payment_method) {
    throw rejected(`This PaymentIntent asks for no authentication: it has a status of ${intent.status}.`, {
      code: 'payment_intent_unexpected_state',
      payment_intent: presentPaymentIntent(intent),
    })
  }
  if (outcome === 'failure') {
    const failed: PaymentIntent = {
      ...intent,
      last_payment_error: authenticationFailed,
      next_action: null,
      payment_method: null,
      status: 'requires_payment_method',
    }
    return changePaymentIntent(scope, failed, 'payment_intent.payment_failed')
  }
  const authenticated: PaymentIntent = { ...intent, authenticated: true, next_action: null }
  if (intent.confirmation_method === 'automatic') {
    return attemptPayment(scope, authenticated, findPaymentMethod(intent.payment_method), undefined)
  }
  const waiting: PaymentIntent = { ...authenticated, status: 'requires_confirmation' }
  scope.objects.update(waiting)
  return waiting
}
