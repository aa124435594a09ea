import { type Span, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api'
import { decodeEnvelope, type Envelope } from '#bus/envelope.ts'
import type { Delivered, Outgoing, Transport } from '#bus/transports/transport.ts'
import { contextOf } from './span-context.ts'

const read = (body: string): Envelope | undefined => {
  try {
    return decodeEnvelope(body)
  } catch {
    return undefined
  }
}

const startSend = (tracer: Tracer, { body, route, type, attempt }: Outgoing): Span | undefined => {
  const envelope = read(body)
  if (envelope?.traceparent === undefined) return undefined
  const attributes = {
    'messaging.destination.name': route,
    'messaging.message.id': envelope.id,
    'edtech.attempt': attempt,
    'edtech.correlation_id': envelope.correlationid,
  }
  return tracer.startSpan(`send ${type}`, { kind: SpanKind.PRODUCER, attributes }, contextOf(envelope.traceparent))
}

const endSend = (span: Span | undefined, result: Delivered | undefined): void => {
  if (!result?.accepted) span?.setStatus({ code: SpanStatusCode.ERROR })
  span?.end()
}

/**
 * Writes a span for each attempt to send, under the span that wrote the message: a finished envelope is not changed, so
 * that its consumers are siblings of this one, not children. What lies between the writer and the attempt is the time in
 * the outbox.
 */
export const tracedTransport = (tracer: Tracer, transport: Transport): Transport => ({
  capabilities: transport.capabilities,
  deliver: async (messages) => {
    const spans = messages.map((message) => startSend(tracer, message))
    let results: readonly Delivered[] = []
    try {
      results = await transport.deliver(messages)
      return results
    } finally {
      for (const [n, span] of spans.entries()) endSend(span, results[n])
    }
  },
  connect: (service, subscriptions, receive) => transport.connect(service, subscriptions, receive),
  close: () => transport.close(),
})
