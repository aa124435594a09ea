import { query } from '#bus/cqrs/definitions.ts'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { route } from './route.ts'
import { AS_LIBRARIAN, BOOK, BOOK_ID, createLibrary } from './testing/library-app.ts'
import { libraryRoutes, TitleForbidden } from './testing/library.ts'

const PATH = `/v1/books/${BOOK_ID}`
const asJson = { ...AS_LIBRARIAN, 'content-type': 'application/json' }
const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { ...asJson, 'idempotency-key': 'key-1', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const patch = (body: unknown, headers: Record<string, string> = { 'if-match': '"3"' }): RequestInit => ({
  method: 'PATCH',
  headers: { ...AS_LIBRARIAN, 'content-type': 'application/merge-patch+json', ...headers },
  body: JSON.stringify(body),
})
const book = { title: 'Emma', price: null }

describe('200', () => {
  test('a path parameter reaches the query and the answer bears its version as a strong ETag', async () => {
    const { request, calls } = createLibrary()
    const response = await request(PATH)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual(BOOK)
    expect(response.headers.get('etag')).toBe('"3"')
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(calls[0]?.input).toEqual({ bookId: BOOK_ID })
  })

  test('query parameters are read by their schema and completed by its defaults', async () => {
    const { request, calls } = createLibrary()
    await request('/v1/books?limit=5&inPrint=true&tags=a&tags=b')
    expect(calls[0]?.input).toEqual({ limit: 5, inPrint: true, tags: ['a', 'b'], sort: 'title' })
  })

  test('a page links to the next one with the filters of this one', async () => {
    const { request } = createLibrary()
    const response = await request('/v1/books?sort=published&cursor=old')
    expect(response.headers.get('link')).toBe('</v1/books?sort=published&cursor=next.page>; rel="next"')
  })

  test('an extra column of a handler never leaves the service', async () => {
    const leaking = { ...BOOK, canary: 'secret', price: { ...BOOK.price, canary: 'secret' } }
    const { request } = createLibrary({
      'library.get_book': () => leaking,
      'library.list_books': () => ({ items: [leaking], canary: 'secret' }),
    })
    for (const path of [PATH, '/v1/books']) expect(await (await request(path)).text()).not.toContain('secret')
  })

  test('If-Match becomes expectedVersion', async () => {
    const { request, calls } = createLibrary()
    const response = await request(PATH, patch({ title: 'Emma II' }))
    expect(response.status).toBe(200)
    expect(response.headers.get('etag')).toBe('"4"')
    expect(calls[0]?.input).toEqual({ bookId: BOOK_ID, title: 'Emma II', expectedVersion: 3 })
  })

  test('HEAD answers as GET does, without the body', async () => {
    const { request } = createLibrary()
    const response = await request(PATH, { method: 'HEAD' })
    expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([200, '"3"', ''])
  })

  test('a static path wins over a parameter, whatever the order of the routes', async () => {
    const { request } = createLibrary()
    const response = await request('/v1/books/popular')
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(await response.text()).toBe('Emma\n')
  })
})

describe('201, 202, 204 and 304', () => {
  test('a creation answers its Location', async () => {
    const { request, calls } = createLibrary()
    const response = await request('/v1/books', post(book))
    expect([response.status, response.headers.get('location')]).toEqual([201, PATH])
    expect(calls[0]?.call.idempotencyKey).toBe('key-1')
    expect(response.headers.get('idempotent-replayed')).toBeNull()
  })

  test('a replay says so, and an alternative status is chosen by the output', async () => {
    const { request } = createLibrary({ 'library.add_book': () => BOOK })
    const response = await request('/v1/books', post(book, { 'idempotency-key': 'replayed-key' }))
    expect([response.status, response.headers.get('idempotent-replayed')]).toEqual([200, 'true'])
  })

  test('a union is answered by its branch alone', async () => {
    const { request } = createLibrary()
    const response = await request(`${PATH}/loans`, { method: 'POST', headers: AS_LIBRARIAN })
    expect([response.status, await response.json()]).toEqual([202, { status: 'QUEUED', place: 1, ahead: [] }])
  })

  test('a deletion answers nothing, and a deprecated operation says until when it lives', async () => {
    const { request } = createLibrary()
    const response = await request(PATH, { method: 'DELETE', headers: AS_LIBRARIAN })
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(response.headers.get('deprecation')).toBe('@1793491200')
    expect(response.headers.get('sunset')).toBe('Mon, 01 Nov 2027 00:00:00 GMT')
  })

  test.each(['"3"', 'W/"3"', '"1", "3"', '*'])('If-None-Match %s of the current version answers 304', async (tag) => {
    const { request } = createLibrary()
    const response = await request(PATH, { headers: { 'if-none-match': tag } })
    expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([304, '"3"', ''])
  })

  test('If-None-Match of another version answers the whole', async () => {
    const { request } = createLibrary()
    expect((await request(PATH, { headers: { 'if-none-match': '"2"' } })).status).toBe(200)
  })
})

const problemOf = async (response: Promise<Response>) => {
  const answer = await response
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  return answer.json()
}

describe('400', () => {
  test.each([
    ['malformed JSON', post('{"title":'), 'MALFORMED_JSON', undefined],
    ['a body that is no object', post([1]), 'INVALID_INPUT', [{ pointer: '', detail: 'Send one JSON object.' }]],
    ['deep nesting', post(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`), 'JSON_TOO_DEEP', undefined],
    ['an unknown field', post({ ...book, role: 'admin' }), 'INVALID_INPUT', [{ pointer: '/role' }]],
    ['a __proto__ field', post('{"title":"a","__proto__":{"x":1}}'), 'INVALID_INPUT', [{ pointer: '/__proto__' }]],
    ['a nested __proto__ field', post('{"shelf":{"__proto__":1}}'), 'INVALID_INPUT', [{ pointer: '/shelf/__proto__' }]],
    ['a wrong nested field', post({ ...book, shelf: { row: 'x' } }), 'INVALID_INPUT', [{ pointer: '/shelf/row' }]],
    [
      'no idempotency key',
      post(book, { 'idempotency-key': '' }),
      'IDEMPOTENCY_KEY_MISSING',
      [{ parameter: 'Idempotency-Key' }],
    ],
    [
      'a long idempotency key',
      post(book, { 'idempotency-key': 'k'.repeat(256) }),
      'IDEMPOTENCY_KEY_INVALID',
      [{ parameter: 'Idempotency-Key' }],
    ],
  ])('%s', async (_name, init, code, errors) => {
    const { request, calls } = createLibrary()
    const problem = await problemOf(request('/v1/books', init))
    expect(problem).toMatchObject({ status: 400, code, type: `/problems/${code}`, ...(errors && { errors }) })
    expect(calls).toEqual([])
  })

  test.each([
    ['the path parameter again', { title: 'a', bookId: BOOK_ID }, '/bookId'],
    ['the version', { title: 'a', expectedVersion: 3 }, '/expectedVersion'],
    ['a field that an open schema would drop', { title: 'a', status: 'FREE' }, '/status'],
  ])('the body holds %s', async (_name, body, pointer) => {
    const { request } = createLibrary()
    expect(await problemOf(request(PATH, patch(body)))).toMatchObject({ status: 400, errors: [{ pointer }] })
  })

  test.each([
    ['/v1/books?limit=many', 'limit'],
    ['/v1/books?limit=101', 'limit'],
    ['/v1/books?limit=1&limit=2', 'limit'],
    ['/v1/books?colour=red', 'colour'],
    ['/v1/books?__proto__=1', '__proto__'],
    [`${PATH}?bookId=${BOOK_ID}`, 'bookId'],
    ['/v1/books/crs_1', 'bookId'],
  ])('%s names the parameter %s', async (path, parameter) => {
    const { request } = createLibrary()
    expect(await problemOf(request(path))).toMatchObject({
      status: 400,
      code: 'INVALID_INPUT',
      errors: [{ parameter }],
    })
  })

  test.each(['3', 'W/"3"', '*', '"3", "4"', '"x"'])('If-Match %s is no version', async (tag) => {
    const { request } = createLibrary()
    const problem = await problemOf(request(PATH, patch({ title: 'a' }, { 'if-match': tag })))
    expect(problem).toMatchObject({ status: 400, code: 'INVALID_IF_MATCH', errors: [{ parameter: 'If-Match' }] })
  })
})

describe('401 and 403', () => {
  test('nobody known: 401 with a challenge, before the body is looked at', async () => {
    const { request } = createLibrary()
    const response = await request('/v1/books', { method: 'POST', body: '{' })
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  })

  test('a wrong token is refused by public operations as well', async () => {
    const { request } = createLibrary()
    expect((await request(PATH, { headers: { authorization: 'Bearer forged' } })).status).toBe(401)
  })

  test('a person without the scope: 403, before the body is looked at', async () => {
    const { request } = createLibrary()
    const response = await request('/v1/books', {
      method: 'POST',
      headers: { authorization: 'Bearer reader' },
      body: '{',
    })
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([403, null])
  })
})

describe('404, 405 and OPTIONS', () => {
  test('an unknown path is a problem', async () => {
    const { request } = createLibrary()
    expect(await problemOf(request('/v1/nothing'))).toMatchObject({ status: 404, code: 'ROUTE_NOT_FOUND' })
    expect((await request(`${PATH}/`)).status).toBe(404)
  })

  test('another method of a known path is 405 with Allow', async () => {
    const { request } = createLibrary()
    const response = await request(PATH, { method: 'PUT', headers: asJson, body: '{}' })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'HEAD, GET, PATCH, DELETE, OPTIONS'])
  })

  test('OPTIONS lists the methods', async () => {
    const { request } = createLibrary()
    const response = await request('/v1/books', { method: 'OPTIONS' })
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'HEAD, GET, POST, OPTIONS'])
  })

  test('a method override is ignored', async () => {
    const { request, calls } = createLibrary()
    await request(PATH, { headers: { 'x-http-method-override': 'DELETE' } })
    expect(calls[0]?.type).toBe('library.get_book')
  })
})

describe('413 and 415', () => {
  const large = JSON.stringify({ title: 'x'.repeat(1_048_576) })

  test('a large body, with and without its length', async () => {
    const { request } = createLibrary()
    expect(await problemOf(request('/v1/books', post(large)))).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' })
    const announced = request('/v1/books', post('{}', { 'content-length': '1048577' }))
    expect((await announced).status).toBe(413)
  })

  test('a raw route has its own limit', async () => {
    const { request } = createLibrary()
    const send = (body: string) => request('/v1/books/deliveries', { method: 'POST', body })
    expect([(await send('{}')).status, (await send('x'.repeat(101))).status]).toEqual([202, 413])
  })

  test.each(['text/plain', 'application/vnd.api2+json', 'application/merge-patch+json', ''])('%j', async (type) => {
    const { request } = createLibrary()
    const problem = await problemOf(request('/v1/books', post(book, { 'content-type': type })))
    expect(problem).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' })
  })

  test('parameters and case of the media type make no difference', async () => {
    const { request } = createLibrary()
    const response = await request('/v1/books', post(book, { 'content-type': 'Application/JSON; charset=utf-8' }))
    expect(response.status).toBe(201)
  })

  test('PATCH takes merge patches only', async () => {
    const { request } = createLibrary()
    const init = patch({ title: 'a' }, { 'if-match': '"3"', 'content-type': 'application/json' })
    expect((await request(PATH, init)).status).toBe(415)
  })
})

describe('422, 428 and 500', () => {
  test('a rule of the domain points at the field', async () => {
    const { request } = createLibrary({
      'library.add_book': () => {
        throw TitleForbidden()
      },
    })
    expect(await problemOf(request('/v1/books', post(book)))).toEqual({
      type: '/problems/TITLE_FORBIDDEN',
      title: 'A rule refuses this',
      status: 422,
      code: 'TITLE_FORBIDDEN',
      detail: 'This title is not allowed.',
      traceId: expect.any(String),
      errors: [{ pointer: '/title', detail: 'Choose another one.' }],
    })
  })

  test('an update without If-Match is 428', async () => {
    const { request } = createLibrary()
    const problem = await problemOf(request(PATH, patch({ title: 'a' }, {})))
    expect(problem).toMatchObject({ status: 428, code: 'PRECONDITION_REQUIRED' })
  })

  test('an error that nobody declared says no more than its trace, and is logged with its stack', async () => {
    const broken = new Error('connection to 10.0.0.1 failed')
    const { request, logs } = createLibrary({
      'library.get_book': () => {
        throw broken
      },
    })
    const problem = await problemOf(request(PATH, { headers: { 'x-correlation-id': 'request-0001' } }))
    expect(problem).toEqual({
      type: '/problems/INTERNAL',
      title: 'Something went wrong',
      status: 500,
      code: 'INTERNAL',
      traceId: 'request-0001',
    })
    expect(logs.find(({ level }) => level === 'error')?.fields).toMatchObject({ err: broken, traceId: 'request-0001' })
  })
})

describe('a route whose answer has no JSON Schema', () => {
  const GetClock = query('library.get_clock', { input: z.strictObject({}), output: z.date(), scope: 'public' })
  const clock = route(GetClock, { method: 'get', path: '/v1/clock', tag: 'Clock', summary: 'Read the clock' })
  const routes = [...libraryRoutes, clock]

  test('stops the start, and is named', () => {
    expect(() => createLibrary({}, { routes })).toThrow('The output of "library.get_clock" has no JSON Schema.')
  })

  test('fails alone where routes are compiled at their first request', async () => {
    const { request } = createLibrary({}, { routes, compile: 'first request' })
    expect((await request('/v1/clock')).status).toBe(500)
    expect((await request(PATH)).status).toBe(200)
  })
})
