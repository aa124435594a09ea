import type { ProviderRefusal } from '#domain/payment/payment-provider.ts'
import { Unavailable } from '#bus/cqrs/errors.ts'
import Stripe from 'stripe'

/** The account that a tutor named is theirs to mend; every other object is named by this service. */
const isOwnFault = ({ code, param }: { readonly code?: string; readonly param?: string }): boolean =>
  code === 'resource_missing' && param !== 'destination'

/**
 * A request that Stripe understood and will never carry out: a wrong amount, a charge that is refunded already. A reused
 * key, a missing right or a missing object is a fault of this side, and no answer about the money.
 */
export const refusalOf = (error: unknown): ProviderRefusal | undefined => {
  const { StripeCardError, StripeInvalidRequestError } = Stripe.errors
  const isDefinite =
    error instanceof StripeCardError ||
    (error instanceof StripeInvalidRequestError && error.statusCode === 400 && !isOwnFault(error))
  return isDefinite ? { status: 'refused', code: (error.code ?? error.rawType ?? error.type).slice(0, 100) } : undefined
}

/** Stripe failed on its side: it may have acted all the same, and remembers the failure under the key. */
export const isServerError = (error: unknown): boolean => error instanceof Stripe.errors.StripeAPIError

/** Whatever was no answer: what happened is unknown, and the call is to be repeated. */
export const unavailable = (error: unknown): Error =>
  Object.assign(Unavailable('The payment provider'), { cause: error })
