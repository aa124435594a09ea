import { z } from 'zod'

export const apiVersion = '2026-10-28.endive'

export const Metadata = z.record(z.string(), z.string())
export type Metadata = z.infer<typeof Metadata>

export const PaymentMethodType = z.enum(['card', 'us_bank_account'])
export type PaymentMethodType = z.infer<typeof PaymentMethodType>

const LastPaymentError = z.object({
  charge: z.string().optional(),
  code: z.string(),
  decline_code: z.string().optional(),
  message: z.string(),
  type: z.enum(['card_error', 'invalid_request_error']),
})

const NextAction = z.object({
  type: z.enum(['redirect_to_url', 'use_stripe_sdk']),
  redirect_to_url: z.object({ url: z.string(), return_url: z.string() }).optional(),
  use_stripe_sdk: z.object({ type: z.string(), stripe_js: z.string() }).optional(),
})

export const PaymentIntent = z.object({
  id: z.string(),
  object: z.literal('payment_intent'),
  amount: z.int(),
  amount_received: z.int(),
  automatic_payment_methods: z.object({ enabled: z.boolean(), allow_redirects: z.string() }).nullable(),
  canceled_at: z.int().nullable(),
  cancellation_reason: z.string().nullable(),
  capture_method: z.enum(['automatic', 'automatic_async']),
  client_secret: z.string(),
  confirmation_method: z.enum(['automatic', 'manual']),
  created: z.int(),
  currency: z.string(),
  description: z.string().nullable(),
  last_payment_error: LastPaymentError.nullable(),
  latest_charge: z.string().nullable(),
  livemode: z.literal(false),
  metadata: Metadata,
  next_action: NextAction.nullable(),
  payment_method: z.string().nullable(),
  payment_method_types: z.array(PaymentMethodType),
  receipt_email: z.string().nullable(),
  statement_descriptor: z.string().nullable(),
  statement_descriptor_suffix: z.string().nullable(),
  status: z.enum([
    'requires_payment_method',
    'requires_confirmation',
    'requires_action',
    'processing',
    'succeeded',
    'canceled',
  ]),
  /** Kept by the sandbox alone: the customer has passed 3D Secure for the current payment method. */
  authenticated: z.boolean(),
})
export type PaymentIntent = z.infer<typeof PaymentIntent>

const ChargeOutcome = z.object({
  network_status: z.string(),
  reason: z.string().nullable(),
  risk_level: z.string(),
  seller_message: z.string(),
  type: z.enum(['authorized', 'issuer_declined']),
})

export const Charge = z.object({
  id: z.string(),
  object: z.literal('charge'),
  amount: z.int(),
  amount_captured: z.int(),
  amount_refunded: z.int(),
  captured: z.boolean(),
  created: z.int(),
  currency: z.string(),
  description: z.string().nullable(),
  disputed: z.boolean(),
  failure_code: z.string().nullable(),
  failure_message: z.string().nullable(),
  livemode: z.literal(false),
  metadata: Metadata,
  outcome: ChargeOutcome.nullable(),
  paid: z.boolean(),
  payment_intent: z.string(),
  payment_method: z.string(),
  payment_method_details: z.object({
    type: PaymentMethodType,
    card: z.object({ brand: z.string(), last4: z.string() }).optional(),
    us_bank_account: z.object({ bank_name: z.string(), last4: z.string() }).optional(),
  }),
  receipt_email: z.string().nullable(),
  refunded: z.boolean(),
  status: z.enum(['pending', 'succeeded', 'failed']),
})
export type Charge = z.infer<typeof Charge>

export const Refund = z.object({
  id: z.string(),
  object: z.literal('refund'),
  amount: z.int(),
  charge: z.string(),
  created: z.int(),
  currency: z.string(),
  failure_reason: z.string().optional(),
  metadata: Metadata,
  payment_intent: z.string(),
  reason: z.string().nullable(),
  status: z.enum(['pending', 'succeeded', 'failed']),
})
export type Refund = z.infer<typeof Refund>

export const Dispute = z.object({
  id: z.string(),
  object: z.literal('dispute'),
  amount: z.int(),
  charge: z.string(),
  created: z.int(),
  currency: z.string(),
  evidence: z.object({ uncategorized_text: z.string().nullable() }),
  is_charge_refundable: z.boolean(),
  livemode: z.literal(false),
  metadata: Metadata,
  payment_intent: z.string(),
  reason: z.enum(['fraudulent', 'product_not_received']),
  status: z.enum(['warning_needs_response', 'needs_response', 'under_review', 'won', 'lost']),
})
export type Dispute = z.infer<typeof Dispute>

export const Transfer = z.object({
  id: z.string(),
  object: z.literal('transfer'),
  amount: z.int(),
  amount_reversed: z.int(),
  created: z.int(),
  currency: z.string(),
  description: z.string().nullable(),
  destination: z.string(),
  livemode: z.literal(false),
  metadata: Metadata,
  reversed: z.boolean(),
  transfer_group: z.string().nullable(),
})
export type Transfer = z.infer<typeof Transfer>

export const Event = z.object({
  id: z.string(),
  object: z.literal('event'),
  api_version: z.string(),
  created: z.int(),
  data: z.object({ object: z.looseObject({ id: z.string(), object: z.string() }) }),
  livemode: z.literal(false),
  pending_webhooks: z.int(),
  request: z.object({ id: z.string(), idempotency_key: z.string().nullable() }),
  type: z.string(),
})
export type Event = z.infer<typeof Event>
