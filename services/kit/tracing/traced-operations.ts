import type { Trace } from '#bus/cqrs/pipeline.ts'
import type { InSpan } from '#bus/tracing.ts'

/** A span around each command and query, and the other trace within it; that one alone where nothing is traced. */
export const tracedOperations = (inSpan: InSpan | undefined, trace: Trace): Trace =>
  inSpan
    ? (name, origin, work) => inSpan({ kind: 'internal', name }, origin, (within) => trace(name, within, work))
    : trace
