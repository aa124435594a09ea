import { decodeEnvelope } from '#bus/envelope.ts'
import { Payments } from '#bus/patterns/payment.ts'
import type { Incoming, Transport } from '#bus/transports/transport.ts'

export interface RecordedEvent {
  readonly type: string
  /** Of the aggregate that emitted it. */
  readonly subject: string
  readonly data: unknown
  /** As it came, to be delivered again. */
  readonly message: Incoming
}

/** Subscribes to everything that the payment service publishes. */
export const recordEvents = (transport: Transport, into: RecordedEvent[]): void =>
  transport.connect(
    'recorder',
    Payments.events.map(({ type }) => type),
    async (message) => {
      const { type, subject, data } = decodeEnvelope(message.body)
      into.push({ type, subject, data, message })
    },
  )
