import { slugKey } from '#edge/read-models/keys.ts'
import { Document } from '../http/document.ts'
import { BoundedMap } from './bounded-map.ts'
import { type Copy, isFresh, type Served, stale } from './freshness.ts'
import type { Read } from './redis-reader.ts'
import { texts } from './replies.ts'

export type Variant = 'json' | 'json-ld' | 'reviews'

export type CourseEntry =
  | { readonly kind: 'page'; readonly document: Document }
  | { readonly kind: 'moved'; readonly to: string }
  | { readonly kind: 'gone' }
  | { readonly kind: 'absent' }

const BUDGET = 24_000_000
const FIELDS: Record<Variant, readonly [etag: string, body: string]> = {
  json: ['etag', 'body'],
  'json-ld': ['ldEtag', 'ldBody'],
  reviews: ['reviewsEtag', 'reviewsBody'],
}

const HEADERS: Record<Variant, Record<string, string>> = {
  json: { Vary: 'Accept' },
  'json-ld': { Vary: 'Accept', 'Content-Type': 'application/ld+json' },
  reviews: {},
}

const NO_REVIEWS = new Document('{"items":[]}', '"no-reviews"')

/** What slugs answer. Pages, redirects, tombstones and absences alike are copied for half a second. */
export class Pages {
  readonly #copies = new BoundedMap<Copy<CourseEntry>>(BUDGET)

  /** A copy that needs no call. Synchronous: that is most of what a hit saves. */
  fresh(slug: string, variant: Variant): Served<CourseEntry> | undefined {
    const copy = this.#copies.get(`${variant} ${slug}`)
    return copy && isFresh(copy, Date.now()) ? { source: 'copy', value: copy.value } : undefined
  }

  /** From Redis, or a stale copy while it fails. */
  async read(read: Read, slug: string, variant: Variant): Promise<Served<CourseEntry> | undefined> {
    const key = `${variant} ${slug}`
    const copy = this.#copies.get(key)
    const now = Date.now()
    const reading = await read((redis) => redis.hmget(slugKey(slug), 'kind', 'to', ...FIELDS[variant]))
    if (!reading) return stale(copy, now)
    const value = entry(variant, texts(reading.replies[0]))
    this.#store(key, { value, readAt: reading.readAt })
    return { source: 'redis', value, replaced: copy !== undefined }
  }

  #store(key: string, copy: Copy<CourseEntry>): void {
    const stored = this.#copies.get(key)
    if (stored && stored.readAt > copy.readAt) return
    this.#copies.set(key, copy, copy.value.kind === 'page' ? copy.value.document.body.length : 50)
  }
}

function entry(variant: Variant, [kind, to, etag, body]: readonly (string | undefined)[]): CourseEntry {
  if (kind === 'page' && etag && body) return { kind, document: new Document(body, etag, HEADERS[variant]) }
  // Nothing is written for a course that nobody has reviewed.
  if (kind === 'page' && variant === 'reviews') return { kind, document: NO_REVIEWS }
  if (kind === 'moved' && to) return { kind, to }
  return { kind: kind === 'gone' ? 'gone' : 'absent' }
}
