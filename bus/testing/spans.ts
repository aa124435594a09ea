import type { InSpan } from '../tracing.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

/** The n-th span of the one trace of a test. */
export const spanNumber = (n: number): string => `00-${TRACE}-${String(n).padStart(16, '0')}-01`

export interface RecordedSpan {
  readonly kind: string
  readonly name: string
  /** The `traceparent` that it continues from. */
  readonly parent: string | undefined
  readonly links: readonly string[]
}

/** Spans numbered from 1 in the order in which they began. */
export const recordSpans = (): { readonly spans: readonly RecordedSpan[]; readonly inSpan: InSpan } => {
  const spans: RecordedSpan[] = []
  return {
    spans,
    inSpan: ({ kind, name }, origin, work) => {
      const links: string[] = []
      spans.push({ kind, name, parent: origin.traceparent, links })
      return work({ ...origin, traceparent: spanNumber(spans.length), link: (other) => void links.push(other) })
    },
  }
}
