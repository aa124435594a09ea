import { z } from 'zod'
import type { Scope } from '../scope.ts'
import { checkChargeable } from '../stripe/currencies.ts'
import { rejected } from '../stripe/errors.ts'
import { newClientSecret, newId } from '../stripe/ids.ts'
import { type PaymentIntent, PaymentMethodType } from '../stripe/objects.ts'
import { Flag, Integer, List, MetadataParameter, Text } from '../stripe/parameters.ts'
import { findPaymentMethod } from '../stripe/payment-methods.ts'
import { confirmPaymentIntent } from './confirm.ts'
import { presentPaymentIntent } from './present.ts'

export const CreateParameters = z.strictObject({
  amount: Integer,
  currency: Text(3).transform((code) => code.toLowerCase()),
  automatic_payment_methods: z
    .strictObject({ enabled: Flag, allow_redirects: z.enum(['always', 'never']).default('always') })
    .optional(),
  capture_method: z.enum(['automatic', 'automatic_async']).default('automatic_async'),
  confirm: Flag.default(false),
  confirmation_method: z.enum(['automatic', 'manual']).default('automatic'),
  description: Text(1000).optional(),
  metadata: MetadataParameter.default({}),
  payment_method: Text(100).optional(),
  payment_method_types: List(PaymentMethodType).optional(),
  receipt_email: Text(320).optional(),
  return_url: Text(2000).optional(),
  statement_descriptor: Text(22).optional(),
  statement_descriptor_suffix: Text(22).optional(),
})
type CreateParameters = z.infer<typeof CreateParameters>

const newPaymentIntent = (scope: Scope, parameters: CreateParameters): PaymentIntent => {
  const id = newId('pi')
  const { automatic_payment_methods: automatic, payment_method_types: types } = parameters
  return {
    id,
    object: 'payment_intent',
    amount: parameters.amount,
    amount_received: 0,
    automatic_payment_methods: automatic ?? (types ? null : { enabled: true, allow_redirects: 'always' }),
    canceled_at: null,
    cancellation_reason: null,
    capture_method: parameters.capture_method,
    client_secret: newClientSecret(id),
    confirmation_method: parameters.confirmation_method,
    created: scope.now,
    currency: parameters.currency,
    description: parameters.description ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: parameters.metadata,
    next_action: null,
    payment_method: parameters.payment_method ?? null,
    payment_method_types: types ?? (parameters.currency === 'usd' ? ['card', 'us_bank_account'] : ['card']),
    receipt_email: parameters.receipt_email ?? null,
    statement_descriptor: parameters.statement_descriptor ?? null,
    statement_descriptor_suffix: parameters.statement_descriptor_suffix ?? null,
    status: parameters.payment_method ? 'requires_confirmation' : 'requires_payment_method',
    authenticated: false,
  }
}

export const createPaymentIntent = (scope: Scope, parameters: CreateParameters): PaymentIntent => {
  checkChargeable(parameters.amount, parameters.currency)
  if (parameters.payment_method) findPaymentMethod(parameters.payment_method)
  if (parameters.confirm && !parameters.payment_method) {
    throw rejected("You cannot confirm this PaymentIntent because it's missing a payment method.", {
      code: 'payment_intent_unexpected_state',
    })
  }
  const intent = newPaymentIntent(scope, parameters)
  scope.objects.insert(intent)
  scope.events.record(scope.origin, 'payment_intent.created', presentPaymentIntent(intent), intent.metadata)
  return parameters.confirm ? confirmPaymentIntent(scope, intent, { return_url: parameters.return_url }) : intent
}
