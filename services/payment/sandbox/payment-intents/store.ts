import type { Scope } from '../scope.ts'
import { noSuch } from '../stripe/errors.ts'
import { Charge, type Metadata, PaymentIntent } from '../stripe/objects.ts'
import { presentPaymentIntent } from './present.ts'

export const findPaymentIntent = (scope: Pick<Scope, 'objects'>, id: string): PaymentIntent | undefined =>
  scope.objects.find(PaymentIntent, 'payment_intent', id)

export const requirePaymentIntent = (scope: Scope, id: string, param = 'intent', status = 404): PaymentIntent => {
  const intent = findPaymentIntent(scope, id)
  if (!intent) throw noSuch('payment_intent', id, param, status)
  return intent
}

export const requireCharge = (scope: Scope, id: string, param = 'id', status = 404): Charge => {
  const charge = scope.objects.find(Charge, 'charge', id)
  if (!charge) throw noSuch('charge', id, param, status)
  return charge
}

/** Writes a state and tells the world, in one transaction. */
export const changePaymentIntent = (scope: Scope, intent: PaymentIntent, event: string): PaymentIntent => {
  scope.objects.update(intent)
  scope.events.record(scope.origin, event, presentPaymentIntent(intent), intent.metadata)
  return intent
}

export const recordChargeEvent = (scope: Scope, event: string, charge: Charge, metadata: Metadata): void =>
  scope.events.record(scope.origin, event, charge, metadata)
