const FRESH_MS = 500
const STALE_MS = 600_000

/** A value and the moment before it was asked for, so that its age is never underestimated. */
export interface Copy<V> {
  readonly value: V
  readonly readAt: number
}

/** How an answer came to be. */
export type Served<V> =
  | { readonly source: 'copy'; readonly value: V }
  | { readonly source: 'redis'; readonly value: V; readonly replaced: boolean }
  | { readonly source: 'stale'; readonly value: V; readonly ageMs: number }

/** A clock that went back makes a copy old, not eternal. */
export function isFresh({ readAt }: Pick<Copy<unknown>, 'readAt'>, now: number): boolean {
  return now >= readAt && now - readAt < FRESH_MS
}

/** The copy as an answer while Redis fails; undefined when there is none young enough. */
export function stale<V>(copy: Copy<V> | undefined, now: number): Served<V> | undefined {
  const ageMs = copy ? Math.abs(now - copy.readAt) : Infinity
  return copy && ageMs <= STALE_MS ? { source: 'stale', value: copy.value, ageMs } : undefined
}

/** Cache-Status (RFC 9211) of an answer from a fresh copy. */
export const HIT = 'catalog; hit'

export function cacheStatus(served: Served<unknown>): string {
  if (served.source === 'copy') return HIT
  if (served.source === 'redis') return `catalog; fwd=${served.replaced ? 'stale' : 'uri-miss'}; stored`
  const ttl = -Math.max(1, Math.round((served.ageMs - FRESH_MS) / 1000))
  return `catalog; hit; ttl=${ttl}; detail=redis-unavailable`
}
