import type { ObjectStore } from '../object-store.ts'
import { Charge, PaymentIntent, Refund } from '../stripe/objects.ts'

const everything = Number.MAX_SAFE_INTEGER

interface CurrencyTotal {
  captured: number
  refunded: number
  net: number
}

const totalsOf = (charges: Charge[], refunds: Refund[]): Record<string, CurrencyTotal> => {
  const totals: Record<string, CurrencyTotal> = {}
  const add = (currency: string, captured: number, refunded: number): void => {
    const total = totals[currency] ?? { captured: 0, refunded: 0, net: 0 }
    totals[currency] = {
      captured: total.captured + captured,
      refunded: total.refunded + refunded,
      net: total.net + captured - refunded,
    }
  }
  for (const charge of charges) add(charge.currency, charge.amount_captured, 0)
  for (const refund of refunds) if (refund.status !== 'failed') add(refund.currency, 0, refund.amount)
  return totals
}

/** The provider's own books, oldest entry first: what invariants about money are checked against. */
export const readLedger = (objects: ObjectStore, paymentIntent: string | undefined) => {
  const charges = objects.list(Charge, { object: 'charge', limit: everything, paymentIntent }).reverse()
  const refunds = objects.list(Refund, { object: 'refund', limit: everything, paymentIntent }).reverse()
  const intents = objects.list(PaymentIntent, { object: 'payment_intent', limit: everything }).reverse()
  const metadata = new Map(intents.map((intent) => [intent.id, intent.metadata]))
  return {
    payment_intents: intents
      .filter((intent) => paymentIntent === undefined || intent.id === paymentIntent)
      .map(({ id, status, amount, currency, metadata, created }) => ({
        id,
        status,
        amount,
        currency,
        metadata,
        created,
      })),
    charges: charges.map((charge) => ({
      id: charge.id,
      payment_intent: charge.payment_intent,
      status: charge.status,
      amount: charge.amount,
      amount_captured: charge.amount_captured,
      amount_refunded: charge.amount_refunded,
      currency: charge.currency,
      metadata: charge.metadata,
      created: charge.created,
    })),
    refunds: refunds.map(({ id, payment_intent, charge, status, amount, currency, metadata: own, created }) => ({
      id,
      payment_intent,
      charge,
      status,
      amount,
      currency,
      metadata: own,
      payment_intent_metadata: metadata.get(payment_intent) ?? {},
      created,
    })),
    totals: totalsOf(charges, refunds),
  }
}
