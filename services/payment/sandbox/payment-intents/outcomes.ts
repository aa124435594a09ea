import { openDispute } from '../disputes/disputes.ts'
import type { Scope } from '../scope.ts'
import { StripeError } from '../stripe/errors.ts'
import type { Charge, PaymentIntent } from '../stripe/objects.ts'
import type { Decline, PaymentMethod } from '../stripe/payment-methods.ts'
import { capturedCharge, failedCharge, pendingCharge } from './charges.ts'
import { presentPaymentIntent } from './present.ts'
import { changePaymentIntent, recordChargeEvent } from './store.ts'

const insertCharge = (scope: Scope, charge: Charge): Charge => {
  scope.objects.insert(charge, { paymentIntent: charge.payment_intent })
  return charge
}

/** The money is taken: the intent of a charge that is captured. */
export const markSucceeded = (scope: Scope, intent: PaymentIntent, charge: Charge): PaymentIntent => {
  recordChargeEvent(scope, 'charge.succeeded', charge, intent.metadata)
  const succeeded: PaymentIntent = {
    ...intent,
    amount_received: charge.amount_captured,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    status: 'succeeded',
  }
  return changePaymentIntent(scope, succeeded, 'payment_intent.succeeded')
}

/** The charge failed: the intent waits for another payment method. */
export const markFailed = (scope: Scope, intent: PaymentIntent, charge: Charge, reason: Decline): PaymentIntent => {
  recordChargeEvent(scope, 'charge.failed', charge, intent.metadata)
  const failed: PaymentIntent = {
    ...intent,
    authenticated: false,
    last_payment_error: {
      charge: charge.id,
      code: reason.code,
      decline_code: reason.declineCode,
      message: reason.message,
      type: 'card_error',
    },
    latest_charge: charge.id,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  }
  return changePaymentIntent(scope, failed, 'payment_intent.payment_failed')
}

export const succeed = (scope: Scope, intent: PaymentIntent, method: PaymentMethod): PaymentIntent => {
  const charge = insertCharge(scope, capturedCharge(pendingCharge(scope, intent, method)))
  const succeeded = markSucceeded(scope, intent, charge)
  if (method.dispute) openDispute(scope, charge, method.dispute)
  return succeeded
}

/** Writes the failed charge and returns the error to throw; the transaction commits both. */
export const decline = (scope: Scope, intent: PaymentIntent, method: PaymentMethod, reason: Decline): StripeError => {
  const charge = insertCharge(scope, failedCharge(pendingCharge(scope, intent, method), reason))
  const failed = markFailed(scope, intent, charge, reason)
  const detail = {
    charge: charge.id,
    code: reason.code,
    decline_code: reason.declineCode,
    payment_intent: presentPaymentIntent(failed),
  }
  return new StripeError(402, 'card_error', reason.message, detail, true)
}

export const process = (scope: Scope, intent: PaymentIntent, method: PaymentMethod): PaymentIntent => {
  const charge = insertCharge(scope, pendingCharge(scope, intent, method))
  recordChargeEvent(scope, 'charge.pending', charge, intent.metadata)
  const processing: PaymentIntent = { ...intent, latest_charge: charge.id, next_action: null, status: 'processing' }
  return changePaymentIntent(scope, processing, 'payment_intent.processing')
}

export const requireAction = (scope: Scope, intent: PaymentIntent, returnUrl: string | undefined): PaymentIntent => {
  const url = `${scope.baseUrl}/sandbox/payment_intents/${intent.id}/authenticate`
  const waiting: PaymentIntent = {
    ...intent,
    next_action: returnUrl
      ? { type: 'redirect_to_url', redirect_to_url: { url, return_url: returnUrl } }
      : { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } },
    status: 'requires_action',
  }
  return changePaymentIntent(scope, waiting, 'payment_intent.requires_action')
}
