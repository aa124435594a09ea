import type { Money } from '../kernel/money.ts'

interface IntentFacts {
  readonly intentId: string
  readonly money: Money
}

/** A payment intent as read at the provider, in words that any provider's states map to. */
export type Intent =
  | (IntentFacts & {
      readonly status: 'requires_action'
      readonly clientSecret: string
      /** Why the last attempt to pay was declined; null before the first. */
      readonly declineCode: string | null
    })
  | (IntentFacts & { readonly status: 'processing'; readonly clientSecret: string })
  | (IntentFacts & { readonly status: 'succeeded' })
  | (IntentFacts & { readonly status: 'cancelled' })

/** Why a payment is to end without money. The code is what `payment.failed` carries. */
export interface CancelRequest {
  readonly reason: 'payer' | 'saga' | 'declined'
  readonly code: string
}

export const cancelledBy = (reason: 'payer' | 'saga'): CancelRequest => ({ reason, code: 'cancelled' })

export const declined = (code: string): CancelRequest => ({ reason: 'declined', code })
