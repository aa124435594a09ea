import { createHash } from 'node:crypto'
import type { Served } from '../door.ts'
import { matchesTag, type Reply } from '../reply.ts'
import type { OpenApiDocument } from './types.ts'

/** The document as bytes with their ETag, made on the first request. */
export const serveDocument = (document: () => OpenApiDocument): Served => {
  let made: Reply | undefined
  const whole = (): Reply => {
    if (made) return made
    const body = JSON.stringify(document())
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    made = { status: 200, headers: { etag, 'content-type': 'application/json' }, body }
    return made
  }
  return {
    operationId: 'openapi',
    headers: { 'cache-control': 'no-cache' },
    locate: (field) => field,
    answer: async ({ context: { req } }) => {
      const reply = whole()
      const { etag = '' } = reply.headers
      return matchesTag(req.header('if-none-match') ?? '', etag)
        ? { status: 304, headers: { etag }, body: null }
        : reply
    },
  }
}
