import type { DisputedIntent, ProviderDispute } from '#domain/payment/payment-provider.ts'
import { DisputeId } from '#domain/payment/values.ts'
import type Stripe from 'stripe'
import { listedIntentOf, moneyOf } from './intent.ts'

/** With the intent in it, whose metadata say whose payment it is. */
export const WITH_INTENT = 'payment_intent'

/** Undefined for an inquiry, which takes no money, and for one that was settled before it became a dispute. */
const statusOf = (status: Stripe.Dispute.Status): ProviderDispute['status'] | undefined => {
  switch (status) {
    case 'won':
      return 'won'
    case 'lost':
      return 'lost'
    case 'needs_response':
    case 'under_review':
      return 'open'
    default:
      return undefined
  }
}

/** Undefined where it takes no money, and for what other software of the same account has sold. */
export const disputedIntentOf = (dispute: Stripe.Dispute): DisputedIntent | undefined => {
  const { payment_intent: intent } = dispute
  const status = statusOf(dispute.status)
  const listed = intent === null || typeof intent === 'string' ? undefined : listedIntentOf(intent)
  if (!status || !listed) return undefined
  const reason = dispute.reason.slice(0, 100)
  return { ...listed, dispute: { disputeId: DisputeId.parse(dispute.id), status, money: moneyOf(dispute), reason } }
}
