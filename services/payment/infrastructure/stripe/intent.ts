import { PaymentId } from '#domain/kernel/ids.ts'
import { Currency, Money } from '#domain/kernel/money.ts'
import type { Intent } from '#domain/payment/intent.ts'
import type { ListedIntent } from '#domain/payment/payment-provider.ts'
import type Stripe from 'stripe'

type CancelledIntent = Extract<Intent, { status: 'cancelled' | 'succeeded' | 'processing' }>

/** Stripe's minor units are those of ISO 4217 for every currency that the platform sells in (they differ for ISK and UGX). */
export const moneyOf = ({ amount, currency }: Pick<Stripe.PaymentIntent, 'amount' | 'currency'>): Money =>
  Money.parse({ amount, currency: currency.toUpperCase() })

/** A decline leaves the intent waiting for another payment method; a payer who tries again leaves it behind. */
const declineCodeOf = ({ status, last_payment_error: error }: Stripe.PaymentIntent): string | null => {
  if (status !== 'requires_payment_method' || !error) return null
  return (error.decline_code ?? error.code ?? error.type).slice(0, 100)
}

const clientSecretOf = ({ id, client_secret: secret }: Stripe.PaymentIntent): string => {
  if (secret === null) throw new TypeError(`${id} came without its client secret.`)
  return secret
}

export const intentOf = (intent: Stripe.PaymentIntent): Intent => {
  const facts = { intentId: intent.id, money: moneyOf(intent) }
  switch (intent.status) {
    case 'succeeded':
      return { ...facts, status: 'succeeded' }
    case 'canceled':
      return { ...facts, status: 'cancelled' }
    case 'processing':
    case 'requires_capture':
      return { ...facts, status: 'processing', clientSecret: clientSecretOf(intent) }
    case 'requires_payment_method':
    case 'requires_confirmation':
    case 'requires_action': {
      const clientSecret = clientSecretOf(intent)
      return { ...facts, status: 'requires_action', clientSecret, declineCode: declineCodeOf(intent) }
    }
    default:
      throw new TypeError(`${intent.id} has a status that is not known here: ${intent.status}.`)
  }
}

export const isPastCancelling = (intent: Intent): intent is CancelledIntent => intent.status !== 'requires_action'

/** Undefined for what other software of the same account has made. */
export const listedIntentOf = (intent: Stripe.PaymentIntent): ListedIntent | undefined => {
  const paymentId = PaymentId.safeParse(intent.metadata['paymentId'])
  const isSold = Currency.safeParse(intent.currency.toUpperCase()).success
  return paymentId.success && isSold ? { paymentId: paymentId.data, intent: intentOf(intent) } : undefined
}
