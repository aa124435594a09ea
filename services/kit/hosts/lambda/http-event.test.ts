import { describe, expect, test } from 'vitest'
import { httpEvent } from '../../testing/lambda/http-call.ts'
import { HttpEvent, requestOf, resultOf } from './http-event.ts'

const eventOf = (call: Parameters<typeof httpEvent>[0], changes: object = {}) =>
  HttpEvent.parse({ ...httpEvent(call), ...changes })
const requested = (call: Parameters<typeof httpEvent>[0], changes: object = {}) => requestOf(eventOf(call, changes))

describe('the request of an event', () => {
  test('keeps the query as it was sent, repeated parameters included', () => {
    const { url } = requested({ path: '/v1/courses?tag=a&tag=b%26c&q=%C3%A9+x&empty=' })
    expect(url).toBe('https://api.example.org/v1/courses?tag=a&tag=b%26c&q=%C3%A9+x&empty=')
  })

  test.each([
    ['/v1/a%2Fb', '/v1/a%2Fb'],
    ['/v1/a b/é', '/v1/a%20b/%C3%A9'],
    ['/v1/what?#', '/v1/what%3F%23'],
  ])('has the path %s as %s, also where the gateway has decoded it', (rawPath, path) => {
    const { pathname, search, hash } = new URL(requested({ path: '/' }, { rawPath }).url)
    expect([pathname, search, hash]).toEqual([path, '', ''])
  })

  test('joins cookies to the header that they were', () => {
    const { headers } = requested({ path: '/' }, { cookies: ['a=1', 'b=2; x'] })
    expect(headers.get('cookie')).toBe('a=1; b=2; x')
  })

  test('keeps values of a repeated header, joined by commas', () => {
    const { headers } = requested({ path: '/', headers: { 'if-none-match': '"1","2"' } })
    expect(headers.get('if-none-match')).toBe('"1","2"')
  })

  test('has the body that arrived, and its length in place of the one announced', async () => {
    const request = requested({
      method: 'POST',
      path: '/',
      headers: { 'content-length': '1' },
      body: { title: 'é' },
    })
    expect(request.headers.get('content-length')).toBe('14')
    expect(await request.json()).toEqual({ title: 'é' })
  })

  test('takes bytes as base64', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0xfe])
    const request = requested({ method: 'PUT', path: '/' }, { body: bytes.toString('base64'), isBase64Encoded: true })
    expect(Buffer.from(await request.arrayBuffer())).toEqual(bytes)
  })

  test('may have no body', async () => {
    const request = requested({ method: 'POST', path: '/' })
    expect([request.headers.get('content-length'), await request.text()]).toEqual(['0', ''])
  })

  test('is not made from another format of events', () => {
    expect(() => HttpEvent.parse({ ...httpEvent({ path: '/' }), version: '1.0' })).toThrow('version')
  })
})

describe('the result of a response', () => {
  test('has text as it is', async () => {
    const response = new Response('{"title":"é"}', { status: 201, headers: { 'content-type': 'application/json' } })
    expect(await resultOf(response)).toEqual({
      statusCode: 201,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: '{"title":"é"}',
      isBase64Encoded: false,
    })
  })

  test('has bytes that are no text as base64, whatever their type says', async () => {
    const bytes = Buffer.from([0x1f, 0x8b, 0xff])
    const response = new Response(bytes, { headers: { 'content-type': 'text/html', 'content-encoding': 'gzip' } })
    expect(await resultOf(response)).toMatchObject({ body: bytes.toString('base64'), isBase64Encoded: true })
  })

  test('keeps cookies apart', async () => {
    const response = new Response(null, { status: 204 })
    response.headers.append('set-cookie', 'a=1; Expires=Fri, 27 Nov 2026 00:00:00 GMT')
    response.headers.append('set-cookie', 'b=2')
    const { headers, cookies, body } = await resultOf(response)
    expect([headers, cookies, body]).toEqual([{}, ['a=1; Expires=Fri, 27 Nov 2026 00:00:00 GMT', 'b=2'], ''])
  })
})
