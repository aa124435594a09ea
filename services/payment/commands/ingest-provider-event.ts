import { PaymentId, PayoutId, RefundId } from '#domain/kernel/ids.ts'
import { DisputeId } from '#domain/payment/values.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { Payments } from '#bus/patterns/payment.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { z } from 'zod'
import { type NoticeSubject, ProviderEvents } from '../ports.ts'

/** Has no route of its own: the webhook's door hands over what it has verified. */
export const IngestProviderEvent = command('payment.ingest_provider_event', {
  input: z.strictObject({
    provider: z.string().max(50),
    eventId: z.string().min(1).max(255),
    type: z.string().max(255),
    body: z.string().max(262_144),
    about: z.string().max(100).nullable(),
    subject: z.union([
      z.null(),
      z.strictObject({ kind: z.literal('payment'), paymentId: PaymentId }),
      z.strictObject({ kind: z.literal('refund'), refundId: RefundId }),
      z.strictObject({ kind: z.literal('dispute'), disputeId: DisputeId }),
      z.strictObject({ kind: z.literal('payout'), payoutId: PayoutId }),
    ]),
  }),
  output: z.object({ duplicate: z.boolean() }),
  scope: 'payments:admin',
})

/** The notice only says where to look: what happened is read at the provider, so that its order does not matter. */
const sendSync = (tx: UnitOfWork, subject: NoticeSubject, eventId: string): void => {
  switch (subject?.kind) {
    case 'payment': {
      const { paymentId } = subject
      return tx.send(Payments.SyncIntent, { paymentId }, { key: paymentId, idempotencyKey: eventId })
    }
    case 'refund': {
      const { refundId } = subject
      return tx.send(Payments.SyncRefund, { refundId }, { key: refundId, idempotencyKey: eventId })
    }
    case 'dispute': {
      const { disputeId } = subject
      return tx.send(Payments.SyncDispute, { disputeId }, { key: disputeId, idempotencyKey: eventId })
    }
    case 'payout': {
      const { payoutId } = subject
      return tx.send(Payments.SyncPayout, { payoutId }, { key: payoutId, idempotencyKey: eventId })
    }
  }
}

export const ingestProviderEvent = handler(
  IngestProviderEvent,
  { events: ProviderEvents },
  async ({ input: { subject, ...event }, tx }, { events }) => {
    const { provider, eventId } = event
    if (await events.has(provider, eventId)) return { duplicate: true }
    events.save(tx, event)
    sendSync(tx, subject, eventId)
    return { duplicate: false }
  },
)
