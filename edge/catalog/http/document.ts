import { HIT } from '../isolate/freshness.ts'
import type { Call } from './call.ts'
import { SHARED_HEADERS } from './respond.ts'

type Fields = Readonly<Record<string, string>>

/** A body as it is sent, and its headers. Those of a hit are made once: making them is half the cost of a Response. */
export class Document {
  readonly body: string
  readonly etag: string
  readonly #more: Fields | undefined
  #ofHit: Headers | undefined

  constructor(body: string, etag: string, more?: Fields) {
    this.body = body
    this.etag = etag
    this.#more = more
  }

  headers(cacheStatus: string): Headers | Record<string, string> {
    if (cacheStatus !== HIT) return this.#fields(cacheStatus)
    this.#ofHit ??= new Headers(this.#fields(HIT))
    return this.#ofHit
  }

  /** Caches may keep it and ask each time: nothing could recall their copy within a second. */
  #fields(cacheStatus: string): Record<string, string> {
    return {
      ...SHARED_HEADERS,
      'Content-Type': 'application/json',
      'Cache-Control': 'public, no-cache',
      ETag: this.etag,
      'Cache-Status': cacheStatus,
      ...this.#more,
    }
  }
}

/** 200, or 304 when the client has these bytes. */
export function sendDocument(call: Call, document: Document, cacheStatus: string): Response {
  const known = call.request.headers.get('if-none-match')
  const headers = document.headers(cacheStatus)
  if (known === null || !isKnown(known, document.etag)) return new Response(document.body, { headers })
  const notModified = new Headers(headers)
  notModified.delete('Content-Type')
  return new Response(null, { status: 304, headers: notModified })
}

/** If-None-Match compares weakly: a proxy that compressed the body may have marked the tag. */
const isKnown = (ifNoneMatch: string, etag: string) =>
  ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
