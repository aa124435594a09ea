import type { ObjectStore } from '../object-store.ts'
import { holdsMoney } from '../disputes/disputes.ts'
import { Charge, Dispute, PaymentIntent, Refund, Transfer } from '../stripe/objects.ts'

const everything = Number.MAX_SAFE_INTEGER

interface CurrencyTotal {
  captured: number
  refunded: number
  /** Taken back by banks, for the time being or for good. */
  withdrawn: number
  /** Sent to connected accounts, less what came back. */
  transferred: number
  net: number
}

const NOTHING: CurrencyTotal = { captured: 0, refunded: 0, withdrawn: 0, transferred: 0, net: 0 }

interface Books {
  charges: Charge[]
  refunds: Refund[]
  disputes: Dispute[]
  transfers: Transfer[]
}

const totalsOf = ({ charges, refunds, disputes, transfers }: Books): Record<string, CurrencyTotal> => {
  const totals: Record<string, CurrencyTotal> = {}
  const add = (currency: string, what: Exclude<keyof CurrencyTotal, 'net'>, amount: number): void => {
    const total = totals[currency] ?? NOTHING
    const net = total.net + (what === 'captured' ? amount : -amount)
    totals[currency] = { ...total, [what]: total[what] + amount, net }
  }
  for (const charge of charges) add(charge.currency, 'captured', charge.amount_captured)
  for (const refund of refunds) if (refund.status !== 'failed') add(refund.currency, 'refunded', refund.amount)
  for (const dispute of disputes) if (holdsMoney(dispute)) add(dispute.currency, 'withdrawn', dispute.amount)
  for (const { currency, amount, amount_reversed: back } of transfers) add(currency, 'transferred', amount - back)
  return totals
}

/** The provider's own books, oldest entry first: what invariants about money are checked against. */
export const readLedger = (objects: ObjectStore, paymentIntent: string | undefined) => {
  const charges = objects.list(Charge, { object: 'charge', limit: everything, paymentIntent }).reverse()
  const refunds = objects.list(Refund, { object: 'refund', limit: everything, paymentIntent }).reverse()
  const disputes = objects.list(Dispute, { object: 'dispute', limit: everything, paymentIntent }).reverse()
  const transfers =
    paymentIntent === undefined ? objects.list(Transfer, { object: 'transfer', limit: everything }).reverse() : []
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
    disputes: disputes.map(({ id, payment_intent, charge, status, amount, currency, created }) => ({
      id,
      payment_intent,
      charge,
      status,
      amount,
      currency,
      created,
    })),
    transfers: transfers.map(({ id, destination, amount, amount_reversed, currency, metadata: own, created }) => ({
      id,
      destination,
      amount,
      amount_reversed,
      currency,
      metadata: own,
      created,
    })),
    totals: totalsOf({ charges, refunds, disputes, transfers }),
  }
}
