import { SpanKind, SpanStatusCode, type Span, type Tracer } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base'
import { DomainError } from '#domain/kernel/errors.ts'
import type { InSpan } from '#bus/tracing.ts'
import { isRefusal } from '#bus/unit-of-work/unit-of-work.ts'
import type { StartRequestSpan, Tracing } from '../tracing.ts'
import { contextOf, spanContextOf, traceparentOf } from './span-context.ts'
import { tracedTransport } from './traced-transport.ts'

export interface TracingOptions {
  readonly exporter: SpanExporter
  /** Of the traces that begin here, the share that is exported, from 0 to 1; others are as their callers decided. */
  readonly share: number
}

/** How long a span waits for others to be exported with. */
const EXPORT_DELAY_MS = 1_000

const KINDS = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
} as const

/** What went wrong by its code or class: a message may hold what must not leave the process. */
const markFailed = (span: Span, error: unknown): void => {
  const name = error instanceof Error ? error.name : 'unknown'
  span.setAttribute('error.type', error instanceof DomainError ? error.code : name)
  // A refusal is an answer.
  if (!isRefusal(error)) span.setStatus({ code: SpanStatusCode.ERROR })
}

const inSpanOf =
  (tracer: Tracer): InSpan =>
  async ({ kind, name, attributes }, origin, work) => {
    const options = {
      kind: KINDS[kind],
      attributes: { ...attributes, 'edtech.correlation_id': origin.correlationId },
    }
    const span = tracer.startSpan(name, options, contextOf(origin.traceparent))
    const { traceId } = span.spanContext()
    const link = (traceparent: string): void => {
      const context = spanContextOf(traceparent)
      if (context && context.traceId !== traceId) span.addLink({ context })
    }
    try {
      return await work({ ...origin, traceparent: traceparentOf(span), link })
    } catch (error) {
      markFailed(span, error)
      throw error
    } finally {
      span.end()
    }
  }

const startRequestOf =
  (tracer: Tracer): StartRequestSpan =>
  ({ operationId, method, correlationId, parent }) => {
    const attributes = { 'http.request.method': method, 'edtech.correlation_id': correlationId }
    const span = tracer.startSpan(operationId, { kind: SpanKind.SERVER, attributes }, contextOf(parent))
    return {
      traceparent: traceparentOf(span),
      end: (status) => {
        span.setAttribute('http.response.status_code', status)
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
      },
    }
  }

/** Traces by OpenTelemetry's SDK. Spans know their parents by the origin that is passed on, not by an ambient context. */
export const createTracing = ({ exporter, share }: TracingOptions): Tracing => {
  const processor = new BatchSpanProcessor(exporter, { scheduledDelayMillis: EXPORT_DELAY_MS })
  const sampler = new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) })
  return {
    of: (service) => {
      const resource = resourceFromAttributes({ 'service.name': service, 'service.namespace': 'edtech' })
      const tracer = new BasicTracerProvider({ resource, sampler, spanProcessors: [processor] }).getTracer('edtech')
      return {
        inSpan: inSpanOf(tracer),
        startRequest: startRequestOf(tracer),
        transport: (transport) => tracedTransport(tracer, transport),
      }
    },
    // What could not be exported was told of by the exporter, and is no reason to end badly.
    close: () => processor.shutdown().catch(() => undefined),
  }
}
