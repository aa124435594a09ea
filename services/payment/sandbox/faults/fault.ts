import { z } from 'zod'
import { Metadata } from '../stripe/objects.ts'

export const OperationName = z.enum([
  'payment_intents.create',
  'payment_intents.retrieve',
  'payment_intents.list',
  'payment_intents.confirm',
  'payment_intents.cancel',
  'refunds.create',
  'refunds.retrieve',
  'refunds.list',
  'disputes.retrieve',
  'disputes.list',
  'transfers.create',
  'transfers.retrieve',
  'transfers.list',
  'charges.retrieve',
  'events.retrieve',
  'events.list',
])
export type OperationName = z.infer<typeof OperationName>

const Aim = {
  /** How many requests (or charge attempts, or events) it meets before it is used up. */
  times: z.int().min(1).max(10_000).default(1),
  /** Only where the payment intent, the request or the refund carries all of these. */
  metadata: Metadata.default({}),
}
const DelayMs = z.int().min(0).max(600_000)
const Operation = z.union([OperationName, z.literal('*')]).default('*')
const EventType = z.string().max(100).default('*')

/** Misbehaviour of a request; a replay of an idempotency key is a request too. */
const RequestFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rate_limit'), operation: Operation, ...Aim }),
  // Answered with 500 before anything is done.
  z.strictObject({ kind: z.literal('server_error'), operation: Operation, ...Aim }),
  // The effect is committed, and 500 is what the idempotency key remembers.
  z.strictObject({ kind: z.literal('server_error_after_effect'), operation: Operation, ...Aim }),
  // The connection ends before the effect (lose_request) or after it (lose_answer).
  z.strictObject({ kind: z.literal('lose_request'), operation: Operation, ...Aim }),
  z.strictObject({ kind: z.literal('lose_answer'), operation: Operation, ...Aim }),
  // Silence before the effect or before the answer; without delayMs it never ends.
  z.strictObject({
    kind: z.literal('time_out'),
    operation: Operation,
    before: z.enum(['effect', 'answer']).default('effect'),
    delayMs: DelayMs.optional(),
    ...Aim,
  }),
])
export type RequestFault = z.infer<typeof RequestFault>

/** Another outcome of a charge attempt than the payment method's own. */
const OutcomeFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('decline'), declineCode: z.string().max(50).default('generic_decline'), ...Aim }),
  z.strictObject({ kind: z.literal('require_action'), ...Aim }),
  z.strictObject({ kind: z.literal('process'), ...Aim }),
])
export type OutcomeFault = z.infer<typeof OutcomeFault>

/** Misbehaviour of the webhooks of an event, chosen when the event happens. */
const WebhookFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('webhook_drop'), event: EventType, ...Aim }),
  z.strictObject({ kind: z.literal('webhook_repeat'), event: EventType, count: z.int().min(2).max(100), ...Aim }),
  // Later events overtake it.
  z.strictObject({ kind: z.literal('webhook_delay'), event: EventType, delayMs: DelayMs, ...Aim }),
  // Delivered, and answered, before the request that caused it gets its answer.
  z.strictObject({ kind: z.literal('webhook_race'), event: EventType, ...Aim }),
])
export type WebhookFault = z.infer<typeof WebhookFault>

export const Fault = z.discriminatedUnion('kind', [RequestFault, OutcomeFault, WebhookFault])
export type Fault = z.infer<typeof Fault>

const requestKinds = new Set<string>(RequestFault.options.map((option) => option.shape.kind.value))
const outcomeKinds = new Set<string>(OutcomeFault.options.map((option) => option.shape.kind.value))
const webhookKinds = WebhookFault.options.map((option) => option.shape.kind.value)
/** What there is to choose from, by what it befalls. */
export const FAULT_KINDS = { request: [...requestKinds], outcome: [...outcomeKinds], webhook: webhookKinds }
export const isRequestFault = (fault: Fault): fault is RequestFault => requestKinds.has(fault.kind)
export const isOutcomeFault = (fault: Fault): fault is OutcomeFault => outcomeKinds.has(fault.kind)
export const isWebhookFault = (fault: Fault): fault is WebhookFault => !isRequestFault(fault) && !isOutcomeFault(fault)
