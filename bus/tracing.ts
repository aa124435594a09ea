import type { Origin } from './unit-of-work/unit-of-work.ts'

/** A span as the bus describes it; ids only, no data of a message. */
export interface SpanDescription {
  /** `server` and `client` are the two ends of a call, `consumer` that of a message. */
  readonly kind: 'internal' | 'client' | 'server' | 'consumer'
  readonly name: string
  readonly attributes?: Readonly<Record<string, string | number>>
}

/**
 * Runs `work` within a span that continues the trace of `origin`, and rejects as it does. `work` is given the origin of
 * the span: what is written under it continues from there. Where it is absent nothing is traced, at no cost, and the
 * origin's own trace goes on.
 */
export type InSpan = <T>(span: SpanDescription, origin: Origin, work: (origin: Origin) => Promise<T>) => Promise<T>
