import { z } from 'zod'
import type { Scope } from '../scope.ts'
import { rejected } from '../stripe/errors.ts'
import type { PaymentIntent } from '../stripe/objects.ts'
import { declinedWith, findPaymentMethod } from '../stripe/payment-methods.ts'
import { capturedCharge, failedCharge } from './charges.ts'
import { markFailed, markSucceeded } from './outcomes.ts'
import { presentPaymentIntent } from './present.ts'
import { requireCharge } from './store.ts'

export const SettleParameters = z.strictObject({ outcome: z.enum(['success', 'failure']).optional() })
type SettleParameters = z.infer<typeof SettleParameters>

/** Stands for the bank that answers a payment in `processing`, days later; by default as the payment method says. */
export const settlePaymentIntent = (
  scope: Scope,
  intent: PaymentIntent,
  { outcome }: SettleParameters,
): PaymentIntent => {
  if (intent.status !== 'processing' || !intent.latest_charge || !intent.payment_method) {
    throw rejected(`This PaymentIntent has nothing to settle: it has a status of ${intent.status}.`, {
      code: 'payment_intent_unexpected_state',
      payment_intent: presentPaymentIntent(intent),
    })
  }
  const charge = requireCharge(scope, intent.latest_charge)
  const { decline } = findPaymentMethod(intent.payment_method)
  if (outcome === 'success' || (outcome === undefined && !decline)) {
    const captured = capturedCharge(charge)
    scope.objects.update(captured)
    return markSucceeded(scope, intent, captured)
  }
  const reason = decline ?? declinedWith('insufficient_funds')
  const failed = failedCharge(charge, reason)
  scope.objects.update(failed)
  return markFailed(scope, intent, failed, reason)
}
