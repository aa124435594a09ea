import { describe, expect, test } from 'vitest'
import { AS_LIBRARIAN, BOOK_ID, createLibrary } from '../http/testing/library-app.ts'
import { httpCases } from './http-cases.ts'
import { testHttpApp } from './http-suite.ts'
import { ContractBroken, createResponseValidator, createValidatingFetch } from './validate-response.ts'

const options = { authorized: AS_LIBRARIAN, unscoped: { authorization: 'Bearer reader' } }

describe('the suite on a sample service', () => {
  testHttpApp(createLibrary().http, options)

  test('meets every kind of refusal', () => {
    const codes = new Set(httpCases(createLibrary().http, options).map(({ code }) => code))
    expect([...codes].toSorted()).toEqual([
      'BODY_TOO_LARGE',
      'FORBIDDEN',
      'IDEMPOTENCY_KEY_MISSING',
      'INVALID_INPUT',
      'JSON_TOO_DEEP',
      'MALFORMED_JSON',
      'PRECONDITION_REQUIRED',
      'ROUTE_NOT_FOUND',
      'UNAUTHENTICATED',
      'UNSUPPORTED_MEDIA_TYPE',
    ])
  })
})

describe('a validating fetch', () => {
  const { http } = createLibrary()
  const validator = createResponseValidator([http.document()])
  const answering = (response: Response) => createValidatingFetch(validator, async () => response)
  const url = `http://localhost/v1/books/${BOOK_ID}`
  const headers = {
    'content-type': 'application/json',
    'x-correlation-id': 'a',
    'cache-control': 'no-cache',
    etag: '"3"',
  }
  const book = { bookId: BOOK_ID, title: 'Emma', price: null, publishedAt: '2026-11-23T06:12:38.123Z', version: 3 }

  test('lets the real service pass and remembers what it has checked', async () => {
    const send = createValidatingFetch(validator, async (input) => http.fetch(new Request(input)))
    expect((await send(url)).status).toBe(200)
    expect((await send('http://localhost/v1/books?limit=1')).status).toBe(200)
    expect((await send(url, { headers: { 'if-none-match': '"3"' } })).status).toBe(304)
    expect((await send(url, { method: 'HEAD' })).status).toBe(200)
    expect((await send('http://localhost/v1/books?limit=0')).status).toBe(400)
    const loan = await send(`${url}/loans`, { method: 'POST', headers: AS_LIBRARIAN })
    expect(loan.status).toBe(202)
    expect([...validator.checked]).toEqual(['getBook', 'listBooks', 'lendBook'])
  })

  test.each([
    ['another status', new Response('{}', { status: 418, headers }), 'the status 418 is not in the document'],
    ['a missing field', Response.json({ ...book, title: undefined }, { headers }), "'title'"],
    ['an extra field', Response.json({ ...book, secret: 1 }, { headers }), 'additional properties'],
    ['another type behind a reference', Response.json({ ...book, bookId: 'crs_1' }, { headers }), 'pattern'],
    ['another media type', new Response('x', { headers: { ...headers, 'content-type': 'text/html' } }), 'text/html'],
    ['no ETag', Response.json(book, { headers: { 'x-correlation-id': 'a', 'cache-control': 'no-cache' } }), 'ETag'],
  ])('%s', async (_name, response, message) => {
    const answer = answering(response)(url)
    await expect(answer).rejects.toThrow(message)
    await expect(answer).rejects.toBeInstanceOf(ContractBroken)
  })

  test('a header that is there and empty', async () => {
    const response = Response.json(book, { headers: { ...headers, etag: '' } })
    await expect(answering(response)(url)).resolves.toBe(response)
  })
})
