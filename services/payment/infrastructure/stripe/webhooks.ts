import { PaymentId, PayoutId, RefundId } from '#domain/kernel/ids.ts'
import { ProviderUnknown, WebhookRefused } from '#domain/payment/errors.ts'
import { DisputeId } from '#domain/payment/values.ts'
import type Stripe from 'stripe'
import { z } from 'zod'
import type { NoticeSubject, Webhooks } from '../../ports.ts'

/** Five minutes, as Stripe recommends: an older notice may be a replay. */
const TOLERANCE_SECONDS = 300

/** What the platform does by itself, and hears of in the answer to its call. */
const OWN_DOING = new Set(['payment_intent.created', 'refund.created', 'transfer.created'])

const StripeEvent = z.object({
  id: z.string().min(1).max(255),
  type: z.string().max(255),
  data: z.object({
    object: z.object({
      object: z.string(),
      id: z.string().optional(),
      metadata: z.record(z.string(), z.string()).nullish(),
    }),
  }),
})

const Named = z.union([PaymentId, RefundId, PayoutId])

/** The payment, refund or payout in its metadata, or else the dispute: also of what needs nothing, since it may name a payer. */
const aboutOf = ({ data: { object } }: z.infer<typeof StripeEvent>): string | null => {
  const { metadata } = object
  const named = Named.safeParse(metadata?.['paymentId'] ?? metadata?.['refundId'] ?? metadata?.['payoutId'])
  if (named.success) return named.data
  return object.object === 'dispute' ? (DisputeId.safeParse(object.id).data ?? null) : null
}

const subjectOf = ({ type, data: { object } }: z.infer<typeof StripeEvent>): NoticeSubject => {
  if (OWN_DOING.has(type)) return null
  if (object.object === 'payment_intent') {
    const { success, data } = PaymentId.safeParse(object.metadata?.['paymentId'])
    return success ? { kind: 'payment', paymentId: data } : null
  }
  if (object.object === 'refund') {
    const { success, data } = RefundId.safeParse(object.metadata?.['refundId'])
    return success ? { kind: 'refund', refundId: data } : null
  }
  if (object.object === 'transfer') {
    const { success, data } = PayoutId.safeParse(object.metadata?.['payoutId'])
    return success ? { kind: 'payout', payoutId: data } : null
  }
  if (object.object === 'dispute') {
    const { success, data } = DisputeId.safeParse(object.id)
    return success ? { kind: 'dispute', disputeId: data } : null
  }
  return null
}

/** Stripe's webhooks: the signature is over the raw body and is compared in constant time. */
export const createStripeWebhooks = (stripe: Stripe, webhookSecret: string): Webhooks => {
  const verified = (body: string, signature: string, receivedAtMs: number): z.infer<typeof StripeEvent> => {
    const { webhooks } = stripe
    try {
      const event = webhooks.constructEvent(body, signature, webhookSecret, TOLERANCE_SECONDS, undefined, receivedAtMs)
      return StripeEvent.parse(event)
    } catch {
      throw WebhookRefused()
    }
  }
  return {
    read: ({ provider, body, signature = '', receivedAt }) => {
      if (provider !== 'stripe') throw ProviderUnknown(provider)
      const event = verified(body, signature, Date.parse(receivedAt))
      return { eventId: event.id, type: event.type, subject: subjectOf(event), about: aboutOf(event) }
    },
  }
}
