import { once } from 'node:events'
import { type IncomingMessage, request as send } from 'node:http'
import { text } from 'node:stream/consumers'
import { createAdaptorServer } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AS_LIBRARIAN, BOOK_ID, createLibrary } from './testing/library-app.ts'

const keys: string[] = []
const rateLimiter = {
  take: async (key: string) => {
    keys.push(key)
    return { allowed: true, limit: 600, remaining: 599, resetSeconds: 1, retryAfterSeconds: 0 }
  },
}
const { http } = createLibrary({}, { rateLimiter })
const server = createAdaptorServer({ fetch: http.fetch })
let port = 0

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  port = typeof address === 'object' && address ? address.port : 0
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

type Answer = {
  readonly status: number | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

const call = (
  path: string,
  method: string,
  headers: Record<string, string>,
  chunks: readonly string[],
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const outgoing = send({ port, host: '127.0.0.1', path, method, headers, agent: false }, (incoming) => {
      const { statusCode: status, headers: answered } = incoming
      text(incoming).then((body) => resolve({ status, headers: answered, body }), reject)
    })
    outgoing.on('error', reject)
    for (const chunk of chunks) outgoing.write(chunk)
    outgoing.end()
  })

const writing = { ...AS_LIBRARIAN, 'content-type': 'application/json', 'idempotency-key': 'key-1' }

describe('over a socket', () => {
  test('a body in chunks without Content-Length is read', async () => {
    const { status } = await call('/v1/books', 'POST', writing, ['{"title":', '"Emma é",', '"price":null}'])
    expect(status).toBe(201)
  })

  test('a body with Content-Length is read', async () => {
    const body = '{"title":"Emma","price":null}'
    const { status, headers } = await call('/v1/books', 'POST', { ...writing, 'content-length': String(body.length) }, [
      body,
    ])
    expect([status, headers.location]).toEqual([201, `/v1/books/${BOOK_ID}`])
  })

  test('a body that grows over the limit is refused while it is sent', async () => {
    const chunks = ['{"title":"', ...Array.from({ length: 20 }, () => 'x'.repeat(65_536)), '"}']
    const { status, body } = await call('/v1/books', 'POST', writing, chunks)
    expect([status, JSON.parse(body).code]).toEqual([413, 'BODY_TOO_LARGE'])
  })

  test('a HEAD has the headers and no body', async () => {
    const { status, headers, body } = await call(`/v1/books/${BOOK_ID}`, 'HEAD', {}, [])
    expect([status, headers.etag, body]).toEqual([200, '"3"', ''])
  })

  test('the quota counts the peer, not what the caller says of itself', async () => {
    keys.length = 0
    await call(`/v1/books/${BOOK_ID}`, 'GET', { 'x-forwarded-for': '198.51.100.7', forwarded: 'for=198.51.100.7' }, [])
    expect(keys).toEqual(['library:default:addr:127.0.0.1'])
  })

  test('a path in another case or encoding finds no other operation', async () => {
    const paths = ['/V1/books', '/v1//books', '/v1/books/', '/v1/books%2F']
    const statuses = await Promise.all(paths.map(async (path) => (await call(path, 'GET', {}, [])).status))
    expect(statuses).toEqual([404, 404, 404, 404])
  })
})
