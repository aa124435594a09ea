import { decodeEnvelope } from '#bus/envelope.ts'
import { Payments } from '#bus/patterns/payment.ts'
import type { Transport } from '#bus/transports/transport.ts'

export interface RecordedEvent {
  readonly type: string
  /** Of the aggregate that emitted it. */
  readonly subject: string
  readonly data: unknown
}

/** Subscribes to everything that the payment service publishes. */
export const recordEvents = (transport: Transport, into: RecordedEvent[]): void =>
  transport.connect(
    'recorder',
    Payments.events.map(({ type }) => type),
    async ({ body }) => {
      const { type, subject, data } = decodeEnvelope(body)
      into.push({ type, subject, data })
    },
  )
