import { HIT } from '../isolate/freshness.ts'
import type { Call } from './call.ts'
import { SHARED_HEADERS } from './respond.ts'

/** A body as it is sent, with all headers that a hit has: made once, since making them is half the cost of a Response. */
export interface Document {
  readonly body: string
  readonly etag: string
  readonly headers: Headers
}

/** Caches may keep it and ask each time: nothing could recall their copy within a second. */
export function document(body: string, etag: string, more: Readonly<Record<string, string>> = {}): Document {
  const headers = new Headers({
    ...SHARED_HEADERS,
    'Content-Type': 'application/json',
    'Cache-Control': 'public, no-cache',
    ETag: etag,
    'Cache-Status': HIT,
    ...more,
  })
  return { body, etag, headers }
}

/** 200, or 304 when the client has these bytes. */
export function sendDocument(call: Call, { body, etag, headers }: Document, cacheStatus: string): Response {
  const known = call.request.headers.get('if-none-match')
  const isSent = known === null || !isKnown(known, etag)
  if (isSent && cacheStatus === HIT) return new Response(body, { headers })
  const changed = new Headers(headers)
  changed.set('Cache-Status', cacheStatus)
  if (isSent) return new Response(body, { headers: changed })
  changed.delete('Content-Type')
  return new Response(null, { status: 304, headers: changed })
}

/** If-None-Match compares weakly: a proxy that compressed the body may have marked the tag. */
const isKnown = (ifNoneMatch: string, etag: string) =>
  ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
