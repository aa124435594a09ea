import { command } from '#bus/cqrs/definitions.ts'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { route } from '../route.ts'
import { createLibrary } from '../testing/library-app.ts'
import { ListBooks, libraryRoutes } from '../testing/library.ts'

const document = createLibrary().http.document()
const operation = (path: string, method: 'get' | 'post' | 'patch' | 'delete') => {
  const found = document.paths?.[path]?.[method]
  if (!found) throw new Error(`${method} ${path} is not documented`)
  return found
}

describe('an operation', () => {
  test('has its names, tag, summary and SDK place', () => {
    expect(operation('/v1/books', 'get')).toMatchObject({
      operationId: 'listBooks',
      tags: ['Books'],
      summary: 'List books',
      'x-sdk-group': 'books',
      'x-sdk-method': 'list',
      'x-pagination': { cursor: 'cursor', limit: 'limit', items: 'items', next: 'nextCursor' },
    })
  })

  test('is public or needs its scope', () => {
    expect(operation('/v1/books', 'get').security).toEqual([])
    expect(operation('/v1/books', 'post').security).toEqual([{ bearer: ['books:write'] }])
  })

  test('takes its path, query and header parameters', () => {
    expect(operation('/v1/books/{bookId}', 'patch').parameters).toEqual([
      expect.objectContaining({
        name: 'bookId',
        in: 'path',
        required: true,
        schema: { $ref: '#/components/schemas/CourseId' },
      }),
      { $ref: '#/components/parameters/IfMatch' },
    ])
    expect(operation('/v1/books', 'get').parameters).toContainEqual(
      expect.objectContaining({
        name: 'limit',
        in: 'query',
        required: false,
        schema: expect.objectContaining({ maximum: 100 }),
      }),
    )
  })

  test('has a body without what the path and If-Match say', () => {
    expect(operation('/v1/books/{bookId}', 'patch').requestBody).toMatchObject({
      required: true,
      content: {
        'application/merge-patch+json': {
          schema: { properties: { title: { type: 'string' } }, required: ['title'], additionalProperties: false },
          example: { title: 'title' },
        },
      },
    })
  })

  test('completes a given example and checks it', () => {
    expect(operation('/v1/books', 'post').requestBody).toMatchObject({
      content: { 'application/json': { example: { title: 'The Mill on the Floss', price: { amount: 1999 } } } },
    })
  })

  test('promises its headers, statuses and links', () => {
    const { responses = {} } = operation('/v1/books', 'post')
    expect(Object.keys(responses)).toEqual([
      '200',
      '201',
      '400',
      '401',
      '403',
      '409',
      '413',
      '415',
      '422',
      '429',
      '500',
      '503',
    ])
    expect(Object.keys(responses[201].headers)).toEqual([
      'Cache-Control',
      'X-Correlation-Id',
      'ETag',
      'Location',
      'Idempotent-Replayed',
    ])
    expect(operation('/v1/books/{bookId}', 'get').responses?.[200].links).toEqual({
      AddBook: { operationId: 'addBook', parameters: {} },
    })
    expect(operation('/v1/books/{bookId}', 'get').responses).toHaveProperty('304')
    expect(operation('/v1/books/{bookId}', 'delete')).toMatchObject({ deprecated: true })
  })

  test('lists the codes of each error', () => {
    expect(operation('/v1/books', 'post').responses?.[422]).toMatchObject({
      'x-error-codes': ['IDEMPOTENCY_KEY_REUSED', 'TITLE_FORBIDDEN'],
    })
    expect(operation('/v1/books/{bookId}', 'patch').responses?.[412]).toMatchObject({
      'x-error-codes': ['VERSION_MISMATCH'],
    })
  })
})

describe('the document', () => {
  test('names each shared scalar once and points nowhere else', () => {
    const text = JSON.stringify(document)
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference)
    const components: Record<string, object> = { ...document.components }
    const missing = references.filter((reference) => {
      const [, , kind = '', name = ''] = reference.split('/')
      return !Object.hasOwn(components[kind] ?? {}, name)
    })
    expect(missing).toEqual([])
    expect(Object.keys(document.components?.schemas ?? {})).toContain('Money')
    expect(text).not.toMatch(/\$defs|\$schema/)
  })

  test('is served as the same bytes with an ETag', async () => {
    const { request } = createLibrary()
    const first = await request('/openapi/library.json')
    const etag = first.headers.get('etag') ?? ''
    expect(await first.json()).toEqual(JSON.parse(JSON.stringify(document)))
    expect(first.headers.get('cache-control')).toBe('no-cache')
    expect((await request('/openapi/library.json', { headers: { 'if-none-match': etag } })).status).toBe(304)
  })

  test('promises RateLimit headers where a limiter stands at the door', () => {
    const take = async () => ({ allowed: true, limit: 1, remaining: 1, resetSeconds: 0, retryAfterSeconds: 0 })
    const limited = createLibrary({}, { rateLimiter: { take } }).http.document()
    expect(limited.paths?.['/v1/books']?.get?.responses?.[200].headers).toHaveProperty('RateLimit')
  })
})

describe('the start is stopped', () => {
  const meta = { method: 'get', tag: 'Books', summary: 'List books' } as const

  test('by two operations of one name', () => {
    const twin = route(ListBooks, { ...meta, path: '/v1/other-books' })
    const { http } = createLibrary({}, { routes: [...libraryRoutes, twin] })
    expect(() => http.document()).toThrow('are both named "listBooks"')
  })

  test('by a path parameter that the input lacks', () => {
    const lost = route(ListBooks, { ...meta, path: '/v1/shelves/{shelfId}/books' })
    expect(() => createLibrary({}, { routes: [lost] })).toThrow('names {shelfId}')
  })

  test('by an example that does not fit', () => {
    const Paint = command('library.paint', {
      input: z.strictObject({ colour: z.string().max(3) }),
      output: z.void(),
      scope: 'public',
    })
    const wrong = route(Paint, {
      ...meta,
      method: 'post',
      path: '/v1/paint',
      status: 204,
      examples: { input: { colour: 'green' } },
    })
    expect(() => createLibrary({}, { routes: [wrong] }).http.document()).toThrow('The example of "paint input"')
  })
})

describe('unions and recursion', () => {
  const Tree = z.object({
    name: z.string().max(9),
    get children() {
      return z.array(Tree).max(3)
    },
  })
  const Shape = z.union([
    z.strictObject({ treeId: z.string().max(9), kind: z.literal('round'), radius: z.int() }),
    z.strictObject({ treeId: z.string().max(9), kind: z.literal('square'), side: z.int() }),
  ])
  const CutTree = command('garden.cut_tree', { input: Shape, output: Tree, scope: 'public' })
  const routes = [
    route(CutTree, { method: 'post', path: '/v1/trees/{treeId}/cuts', tag: 'Trees', summary: 'Cut a tree' }),
  ]

  test('keep their branches in the body, and a schema that holds itself becomes a component', () => {
    const item = createLibrary({}, { routes }).http.document()
    const cut = item.paths?.['/v1/trees/{treeId}/cuts']?.post
    expect(cut?.requestBody).toMatchObject({
      content: {
        'application/json': { schema: { anyOf: [{ required: ['kind', 'radius'] }, { required: ['kind', 'side'] }] } },
      },
    })
    expect(cut?.responses?.[200].content).toMatchObject({
      'application/json': { schema: { $ref: '#/components/schemas/CutTreeOutput' }, example: { name: 'name' } },
    })
  })

  test('a union is a body like any other', async () => {
    const { request, calls } = createLibrary({ 'garden.cut_tree': () => ({ name: 'a', children: [] }) }, { routes })
    const headers = { 'content-type': 'application/json' }
    const send = (body: object) => request('/v1/trees/t1/cuts', { method: 'POST', headers, body: JSON.stringify(body) })
    expect((await send({ kind: 'round', radius: 2 })).status).toBe(200)
    expect(calls[0]?.input).toEqual({ treeId: 't1', kind: 'round', radius: 2 })
    expect((await send({ kind: 'round', side: 2 })).status).toBe(400)
  })
})
