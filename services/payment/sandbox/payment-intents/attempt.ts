import type { Scope } from '../scope.ts'
import type { PaymentIntent } from '../stripe/objects.ts'
import { declinedWith, type PaymentMethod } from '../stripe/payment-methods.ts'
import { decline, process, requireAction, succeed } from './outcomes.ts'

/** What the metadata key `sandbox` of an intent may ask for: one outcome, at every attempt. */
const requestedOutcome = (intent: PaymentIntent) => {
  const { sandbox } = intent.metadata
  return sandbox === 'decline' || sandbox === 'require_action' || sandbox === 'process' ? sandbox : undefined
}

/** A fault decides first, then the intent's metadata, then the payment method itself. */
export const attemptPayment = (
  scope: Scope,
  intent: PaymentIntent,
  method: PaymentMethod,
  returnUrl: string | undefined,
): PaymentIntent => {
  const fault = scope.faults.takeForAttempt(
    intent.authenticated ? ['decline', 'process'] : ['decline', 'process', 'require_action'],
    intent.metadata,
  )
  const outcome = fault?.kind ?? requestedOutcome(intent)
  const authentication = outcome === 'require_action' || (outcome === undefined && method.authentication)
  if (authentication && !intent.authenticated) return requireAction(scope, intent, returnUrl)
  if (fault?.kind === 'decline') throw decline(scope, intent, method, declinedWith(fault.declineCode))
  if (outcome === 'decline') throw decline(scope, intent, method, declinedWith('generic_decline'))
  if (outcome === 'process' || method.type === 'us_bank_account') return process(scope, intent, method)
  if (method.decline) throw decline(scope, intent, method, method.decline)
  return succeed(scope, intent, method)
}
