import { type Context, ROOT_CONTEXT, type Span, type SpanContext, TraceFlags, trace } from '@opentelemetry/api'
import { isSampled, readTraceparent, spanIdOf, traceIdOf } from './traceparent.ts'

/** A span of another process, or of another time in this one. */
export const spanContextOf = (field: string | undefined): SpanContext | undefined => {
  const traceparent = field === undefined ? undefined : readTraceparent(field)
  if (traceparent === undefined) return undefined
  return {
    traceId: traceIdOf(traceparent),
    spanId: spanIdOf(traceparent),
    traceFlags: isSampled(traceparent) ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  }
}

/** The context of its children; a trace begins where there is none. */
export const contextOf = (traceparent: string | undefined): Context => {
  const parent = spanContextOf(traceparent)
  return parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT
}

export const traceparentOf = (span: Span): string => {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return `00-${traceId}-${spanId}-${traceFlags & TraceFlags.SAMPLED ? '01' : '00'}`
}
