import { z } from 'zod'
import { readLedger } from '../control/ledger.ts'
import type { Operation } from '../http/operation.ts'
import { pageOf } from '../http/page-of.ts'
import type { Scope } from '../scope.ts'
import { checkStep, formatAmount } from '../stripe/currencies.ts'
import { invalidParameter, noSuch, rejected } from '../stripe/errors.ts'
import { newId } from '../stripe/ids.ts'
import { Transfer } from '../stripe/objects.ts'
import { Integer, ListParameters, MetadataParameter, parseParameters, Text } from '../stripe/parameters.ts'

const NoParameters = z.strictObject({})
const CreateParameters = z.strictObject({
  amount: Integer,
  currency: Text(3),
  description: Text(1_000).optional(),
  destination: Text(100),
  metadata: MetadataParameter.default({}),
  transfer_group: Text(100).optional(),
})
const ListTransfersParameters = ListParameters.extend({ transfer_group: Text(100).optional() })

/** An account of this name does not exist; every other is connected. */
const NOBODY = 'acct_nobody'

const requireTransfer = (scope: Scope, id: string): Transfer => {
  const transfer = scope.objects.find(Transfer, 'transfer', id)
  if (!transfer) throw noSuch('transfer', id, 'transfer')
  return transfer
}

const availableIn = (scope: Scope, currency: string): number =>
  readLedger(scope.objects, undefined).totals[currency]?.net ?? 0

/** POST /v1/transfers: money of the platform goes to a connected account. */
export const create: Operation = {
  name: 'transfers.create',
  run: (scope, { form }) => {
    const { amount, currency, destination, ...parameters } = parseParameters(CreateParameters, form)
    if (amount < 1) throw invalidParameter('amount', 'Invalid positive integer', 'parameter_invalid_integer')
    checkStep(amount, currency)
    if (!destination.startsWith('acct_') || destination === NOBODY)
      throw noSuch('destination', destination, 'destination', 400)
    if (amount > availableIn(scope, currency)) {
      const asked = formatAmount(amount, currency)
      throw rejected(`You have insufficient available funds in your Stripe account to transfer ${asked}.`, {
        code: 'balance_insufficient',
      })
    }
    const transfer: Transfer = {
      id: newId('tr'),
      object: 'transfer',
      amount,
      amount_reversed: 0,
      created: scope.now,
      currency,
      description: parameters.description ?? null,
      destination,
      livemode: false,
      metadata: parameters.metadata,
      reversed: false,
      transfer_group: parameters.transfer_group ?? null,
    }
    // Listed by its group, as an object of an intent is by its intent.
    scope.objects.insert(transfer, { paymentIntent: transfer.transfer_group ?? transfer.id })
    scope.events.record(scope.origin, 'transfer.created', transfer, transfer.metadata)
    return transfer
  },
}

export const retrieve: Operation = {
  name: 'transfers.retrieve',
  run: (scope, { id, form }) => {
    parseParameters(NoParameters, form)
    return requireTransfer(scope, id)
  },
}

export const list: Operation = {
  name: 'transfers.list',
  run: (scope, { form }) => {
    const { transfer_group: paymentIntent, ...parameters } = parseParameters(ListTransfersParameters, form)
    const listing = { schema: Transfer, object: 'transfer', url: '/v1/transfers' }
    return pageOf(scope, paymentIntent === undefined ? listing : { ...listing, paymentIntent }, parameters)
  },
}

/** POST /v1/transfers/{id}/reversals: the platform takes it back, as a whole or in part. */
export const reverse: Operation = {
  run: (scope, { id, form }) => {
    const asked = parseParameters(z.strictObject({ amount: Integer.optional() }), form)
    const transfer = requireTransfer(scope, id)
    const left = transfer.amount - transfer.amount_reversed
    const amount = asked.amount ?? left
    if (amount < 1 || amount > left)
      throw invalidParameter('amount', `Amount must be from 1 to ${left}, what is left of this transfer.`)
    const amountReversed = transfer.amount_reversed + amount
    const reversed: Transfer = {
      ...transfer,
      amount_reversed: amountReversed,
      reversed: amountReversed === transfer.amount,
    }
    scope.objects.update(reversed)
    scope.events.record(scope.origin, 'transfer.reversed', reversed, reversed.metadata)
    return { id: newId('trr'), object: 'transfer_reversal', amount, created: scope.now, transfer: id }
  },
}
