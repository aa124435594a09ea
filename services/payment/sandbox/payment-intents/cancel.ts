import { z } from 'zod'
import type { Scope } from '../scope.ts'
import { rejected } from '../stripe/errors.ts'
import type { Charge, PaymentIntent } from '../stripe/objects.ts'
import { presentPaymentIntent } from './present.ts'
import { changePaymentIntent, requireCharge } from './store.ts'

export const CancelParameters = z.strictObject({
  cancellation_reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned']).optional(),
})
type CancelParameters = z.infer<typeof CancelParameters>

const assertCancelable = (intent: PaymentIntent): void => {
  if (intent.status !== 'succeeded' && intent.status !== 'canceled') return
  throw rejected(
    `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one ` +
      'of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, ' +
      'requires_action, processing.',
    { code: 'payment_intent_unexpected_state', payment_intent: presentPaymentIntent(intent) },
  )
}

export const cancelPaymentIntent = (
  scope: Scope,
  intent: PaymentIntent,
  parameters: CancelParameters,
): PaymentIntent => {
  assertCancelable(intent)
  if (intent.status === 'processing' && intent.latest_charge) {
    const charge: Charge = { ...requireCharge(scope, intent.latest_charge), status: 'failed' }
    scope.objects.update(charge)
  }
  const canceled: PaymentIntent = {
    ...intent,
    canceled_at: scope.now,
    cancellation_reason: parameters.cancellation_reason ?? null,
    next_action: null,
    status: 'canceled',
  }
  return changePaymentIntent(scope, canceled, 'payment_intent.canceled')
}
