import { ServiceFailed } from '#bus/request-reply/requester.ts'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { createHttpApp, mountHttpApps } from './app.ts'
import type { StartRequestSpan } from '../tracing.ts'
import { rawRoute } from './raw-route.ts'
import { AS_LIBRARIAN, BOOK_ID, createLibrary } from './testing/library-app.ts'

const PATH = `/v1/books/${BOOK_ID}`
const LOANS = `${PATH}/loans`

describe('ids', () => {
  test('a safe correlation id is kept and reaches the command', async () => {
    const { request, calls } = createLibrary()
    const response = await request(PATH, { headers: { 'x-correlation-id': 'checkout-42.a' } })
    expect(response.headers.get('x-correlation-id')).toBe('checkout-42.a')
    expect(calls[0]?.call.origin).toEqual({ correlationId: 'checkout-42.a' })
  })

  test.each(['short', 'has space', 'x'.repeat(65), '{"a":1}abc'])('%j is replaced by a new one', async (given) => {
    const { request } = createLibrary()
    const response = await request(PATH, { headers: { 'x-correlation-id': given } })
    expect(response.headers.get('x-correlation-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)
  })

  test('the trace of the caller goes on, and its problems name it', async () => {
    const { request, calls } = createLibrary()
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    await request(PATH, { headers: { traceparent } })
    expect(calls[0]?.call.origin.traceparent).toBe(traceparent)
    const problem = await (await request('/v1/books/x', { headers: { traceparent } })).json()
    expect(problem).toMatchObject({ traceId: '4bf92f3577b34da6a3ce929d0e0e4736' })
  })

  test('a trace of zeros is none', async () => {
    const { request, calls } = createLibrary()
    const headers = { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }
    await request(PATH, { headers })
    expect(calls[0]?.call.origin.traceparent).toBeUndefined()
  })

  test('where requests are traced, the span of the request goes on, and problems and the log name its trace', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const span = `00-${traceId}-b7ad6b7169203331-01`
    const seen: unknown[] = []
    const trace: StartRequestSpan = (begun) => {
      seen.push(begun)
      return { traceparent: span, end: (status) => void seen.push(status) }
    }
    const { request, calls, logs } = createLibrary({}, { trace })
    const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    await request(PATH, { headers: { traceparent: parent, 'x-correlation-id': 'checkout-42' } })
    expect(calls[0]?.call.origin).toEqual({ correlationId: 'checkout-42', traceparent: span })
    expect(await (await request('/v1/books/x')).json()).toMatchObject({ traceId })
    expect(logs.map(({ fields }) => fields)).toMatchObject([{ traceId }, { traceId }])
    expect(seen).toMatchObject([
      { operationId: 'getBook', method: 'GET', correlationId: 'checkout-42', parent },
      200,
      { operationId: 'getBook', parent: undefined },
      400,
    ])
  })
})

describe('headers', () => {
  test.each([PATH, '/v1/books/x', '/v1/nothing', '/openapi/library.json', '/v1/books/popular'])(
    '%s has security headers, Cache-Control and a correlation id',
    async (path) => {
      const { headers } = await createLibrary().request(path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'")
      expect(headers.get('strict-transport-security')).toContain('max-age=')
      expect(headers.get('cache-control')).toMatch(/^no-(store|cache)$/)
      expect(headers.get('x-correlation-id')).toBeTruthy()
    },
  )

  test('answers to a signed-in caller are not stored', async () => {
    const response = await createLibrary().request(LOANS, { method: 'POST', headers: AS_LIBRARIAN })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })
})

test('every 503 says when to come back, also where its error does not', async () => {
  const { request } = createLibrary({
    'library.get_book': () => {
      throw ServiceFailed('user.get_by_id', 'INTERNAL')
    },
  })
  const { status, headers } = await request(PATH)
  expect([status, headers.get('retry-after')]).toEqual([503, '1'])
})

describe('CORS', () => {
  const options = { allowedOrigins: ['https://learn.example.org'] }
  const origin = (value: string) => ({ headers: { origin: value } })

  test('an origin on the list may read', async () => {
    const { headers } = await createLibrary({}, options).request(PATH, origin('https://learn.example.org'))
    expect(headers.get('access-control-allow-origin')).toBe('https://learn.example.org')
    expect(headers.get('access-control-expose-headers')).toContain('ETag')
    expect(headers.get('access-control-allow-credentials')).toBeNull()
    expect(headers.get('vary')).toBe('Origin')
  })

  test.each(['https://learn.example.org.evil.test', 'https://LEARN.example.org', 'null'])(
    '%s may not',
    async (value) => {
      const { headers } = await createLibrary({}, options).request(PATH, origin(value))
      expect([headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([null, 'Origin'])
    },
  )

  test('a preflight is answered with the methods of the path', async () => {
    const { request } = createLibrary({}, options)
    const response = await request('/v1/books', { method: 'OPTIONS', ...origin('https://learn.example.org') })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-methods')).toBe('HEAD, GET, POST, OPTIONS')
    expect(response.headers.get('access-control-allow-headers')).toContain('If-Match')
  })
})

/** A limiter that allows what is asked of it and tells what it was asked. */
const createLimiter = (allowed = true) => {
  const keys: string[] = []
  const take = async (key: string, { limit }: { readonly limit: number }) => {
    keys.push(key)
    return { allowed, limit, remaining: allowed ? limit - 1 : 0, resetSeconds: 7, retryAfterSeconds: allowed ? 0 : 3 }
  }
  return { keys, take }
}
const brokenLimiter = {
  take: async () => {
    throw new Error('Redis is out of reach')
  },
}

describe('quotas', () => {
  const clientAddress = () => '192.0.2.1'

  test('say what is left', async () => {
    const rateLimiter = createLimiter()
    const { headers } = await createLibrary({}, { rateLimiter, clientAddress }).request(PATH)
    expect(headers.get('ratelimit-policy')).toBe('"default";q=600;w=60')
    expect(headers.get('ratelimit')).toBe('"default";r=599;t=7')
  })

  test('are kept per person, else per address, whatever the caller writes into headers', async () => {
    const rateLimiter = createLimiter()
    const { request } = createLibrary({}, { rateLimiter, clientAddress })
    await request(PATH, { headers: { 'x-forwarded-for': '198.51.100.7' } })
    await request(`${PATH}?a=1`)
    await request(LOANS, { method: 'POST', headers: AS_LIBRARIAN })
    expect(rateLimiter.keys).toEqual([
      'library:default:addr:192.0.2.1',
      'library:default:addr:192.0.2.1',
      'library:lendBook:user:usr_019aad2c-6a00-7c3f-8e4b-2f6d1a9c5e07',
    ])
  })

  test('count guessed tokens against the address', async () => {
    const rateLimiter = createLimiter()
    const { request } = createLibrary({}, { rateLimiter, clientAddress })
    expect((await request(PATH, { headers: { authorization: 'Bearer forged' } })).status).toBe(401)
    expect(rateLimiter.keys).toEqual(['library:default:addr:192.0.2.1'])
  })

  test('used up: 429 with the time to wait, and nothing is executed', async () => {
    const { request, calls } = createLibrary({}, { rateLimiter: createLimiter(false), clientAddress })
    const response = await request(PATH)
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '3'])
    expect(response.headers.get('ratelimit')).toBe('"default";r=0;t=7')
    expect(await response.json()).toMatchObject({ code: 'RATE_LIMITED' })
    expect(calls).toEqual([])
  })

  test('out of reach: requests pass, except where the route fails closed', async () => {
    const { request, logs } = createLibrary({}, { rateLimiter: brokenLimiter, clientAddress })
    expect((await request(PATH)).status).toBe(200)
    const closed = await request(LOANS, { method: 'POST', headers: AS_LIBRARIAN })
    expect([closed.status, closed.headers.get('retry-after')]).toEqual([503, '1'])
    expect(logs.filter(({ level }) => level === 'warn')).toHaveLength(2)
  })
})

describe('observation', () => {
  test('each request is one log line, without its query and body, and one measurement', async () => {
    const measured: object[] = []
    const { request, logs } = createLibrary({}, { observe: (one) => void measured.push(one) })
    await request('/v1/books?cursor=private', { headers: { ...AS_LIBRARIAN, 'x-correlation-id': 'request-0001' } })
    await request('/v1/nothing')
    expect(logs.map(({ fields }) => fields)).toEqual([
      {
        operationId: 'listBooks',
        method: 'GET',
        path: '/v1/books',
        status: 200,
        durationMs: expect.any(Number),
        actor: 'usr_019aad2c-6a00-7c3f-8e4b-2f6d1a9c5e07',
        correlationId: 'request-0001',
        traceId: 'request-0001',
      },
      expect.objectContaining({ operationId: 'unmatched', status: 404 }),
    ])
    expect(measured).toEqual([
      { operationId: 'listBooks', method: 'GET', status: 200, seconds: expect.any(Number) },
      { operationId: 'unmatched', method: 'GET', status: 404, seconds: expect.any(Number) },
    ])
  })
})

describe('several services behind one listener', () => {
  const library = createLibrary()
  const other = createHttpApp({
    service: 'shelves',
    title: 'Shelves',
    version: '1.0.0',
    routes: [
      rawRoute({
        method: 'get',
        path: '/v1/books/{bookId}/shelf',
        operationId: 'getShelf',
        tag: 'Shelves',
        summary: 'Get the shelf of a book',
        scope: 'public',
        dependencies: {},
        responses: { 200: { description: 'Its name.', mediaType: 'text/plain' } },
        handle: (request) => ({ type: 'text/plain', body: `shelf of ${request.param('bookId')}` }),
      }),
      rawRoute({
        method: 'put',
        path: '/v1/books/{bookId}',
        operationId: 'putBook',
        tag: 'Shelves',
        summary: 'Put a book on a shelf',
        scope: 'public',
        dependencies: {},
        responses: { 204: { description: 'Done.' } },
        handle: () => ({ status: 204 }),
      }),
    ],
    buses: { execute: () => Promise.reject(new Error()), ask: () => Promise.reject(new Error()), definitions: [] },
    resolve: () => {
      throw new Error('nothing is bound')
    },
    authenticate: async () => ({ kind: 'anonymous' }),
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  })
  const host = new Hono()
  mountHttpApps(host, [library.http, other], {
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  })

  test('share paths, and the order of services decides nothing', async () => {
    expect(await (await host.request(`${PATH}/shelf`)).text()).toBe(`shelf of ${BOOK_ID}`)
    expect((await host.request(PATH, { method: 'PUT' })).status).toBe(204)
    expect(await (await host.request('/v1/books/popular')).text()).toBe('Emma\n')
    expect((await host.request('/openapi/shelves.json')).status).toBe(200)
  })

  test('answer 405 with the methods of all of them', async () => {
    const response = await host.request(PATH, { method: 'POST' })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'HEAD, GET, PUT, PATCH, DELETE, OPTIONS'])
  })

  test('refuse to claim one operation twice', () => {
    const quiet = { logger: { info: () => undefined, warn: () => undefined, error: () => undefined } }
    expect(() => mountHttpApps(new Hono(), [library.http, library.http], quiet)).toThrow(
      'claimed by library and library',
    )
  })

  test('can also be mounted one by one', async () => {
    const plain = new Hono().route('/', library.http.app)
    expect((await plain.request(PATH)).status).toBe(200)
    expect((await plain.request('/v1/books/x')).status).toBe(400)
  })
})
