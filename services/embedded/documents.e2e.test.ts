import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMITTED_DOCUMENTS } from '#openapi/documents.ts'
import { checkExamples } from '#services/kit/testing/document-examples.ts'
import { z } from 'zod'
import { DOCUMENTED_SERVICES, type DocumentedOperation, readOperations } from './testing/documents.ts'
import { makePerson } from './testing/people.ts'
import { startTestPlatform, type TestPlatform } from './testing/platform.ts'

let platform: TestPlatform
let operations: readonly DocumentedOperation[]
beforeAll(async () => {
  platform = await startTestPlatform()
  operations = await readOperations(platform.client)
})
afterAll(() => platform.stop())

/** What is served and is no operation of a document: pages and files, health, metrics, the documents themselves. */
const NO_OPERATIONS = [
  'GET /',
  'GET /docs',
  'GET /docs/',
  'GET /docs/explorer.css',
  'GET /docs/explorer.js',
  'GET /docs/favicon.png',
  'GET /docs/settings.json',
  'GET /docs/swagger-ui.css',
  'GET /docs/swagger-ui.js',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
  'GET /openapi/learning.json',
  'GET /openapi/payment.json',
  'GET /openapi/user.json',
  'GET /problems',
  'GET /problems/:code',
]

const read = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(platform.client.baseUrl + path, { headers, redirect: 'manual' })

const Made = z.object({ courseId: z.string(), courseRunId: z.string() })
type Made = z.infer<typeof Made>

/** The examples of request bodies. */
const Content = z.record(z.string(), z.looseObject({ example: z.unknown() }))
const Bodies = z.object({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.looseObject({ requestBody: z.looseObject({ content: Content }).optional() })),
  ),
})

describe('the documents', () => {
  test('tell of every route of the running platform, and of no other', () => {
    const served = platform.platform.routes.map(({ method, path }) => `${method} ${path}`)
    const documented = operations.map(
      ({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, (_, name) => `:${name}`)}`,
    )
    expect(served.toSorted()).toEqual([...documented, ...NO_OPERATIONS].toSorted())
  })

  test('name every operation once, by a verb and what it is about', () => {
    const names = operations.map(({ operationId }) => operationId)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => !/^[a-z]+([A-Z][a-z]*)*$/.test(name))).toEqual([])
  })

  test.each(DOCUMENTED_SERVICES)('of %s gives examples that fit their schemas', async (service) => {
    const { count, wrong } = checkExamples(
      z.looseObject({}).parse(await (await read(`/openapi/${service}.json`)).json()),
    )
    expect(wrong).toEqual([])
    expect(count).toBeGreaterThan(100)
  })

  test('give examples with which a course is made and published as they are: an unknown subject was refused', async () => {
    const { client } = platform
    const { token } = await makePerson(platform, 'tutor')
    const { paths } = Bodies.parse(await (await read('/openapi/learning.json')).json())
    const send = (status: number, method: string, path: string, ids: Partial<Made> = {}, ifMatch?: string) => {
      const filled = path.replace('{courseId}', ids.courseId ?? '').replace('{courseRunId}', ids.courseRunId ?? '')
      const [content] = Object.values(paths[path]?.[method.toLowerCase()]?.requestBody?.content ?? {})
      return client.expect(status, Made.partial(), method, filled, { token, body: content?.example, ifMatch })
    }
    await send(201, 'POST', '/v1/courses')
    const course = await send(201, 'POST', '/v1/courses')
    await send(200, 'PUT', '/v1/courses/{courseId}/curriculum', course, '"1"')
    await send(200, 'PATCH', '/v1/courses/{courseId}', course, '"1"')
    const run = await send(201, 'POST', '/v1/courses/{courseId}/runs', course)
    await send(200, 'PATCH', '/v1/course-runs/{courseRunId}', run, '"1"')
    await send(200, 'POST', '/v1/courses/{courseId}/publish', course)
  })

  test.each(DOCUMENTED_SERVICES)('of %s is served with an ETag, and 304 to who has it', async (service) => {
    const path = `/openapi/${service}.json`
    const first = await read(path)
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[\w-]+"$/)
    expect(first.headers.get('cache-control')).toBe('no-cache')
    await first.body?.cancel()
    const again = await read(path, { 'if-none-match': etag })
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, ''])
  })

  test.each(DOCUMENTED_SERVICES)('of %s is the committed one, and what development adds to it', async (service) => {
    const Paths = z.object({ paths: z.record(z.string(), z.unknown()) })
    const committed = COMMITTED_DOCUMENTS.find(({ path }) => path === `openapi/documents/${service}.json`)
    const { paths } = Paths.parse(JSON.parse(JSON.stringify(committed?.generate())))
    const served = Paths.parse(await (await read(`/openapi/${service}.json`)).json())
    const shared = Object.entries(served.paths).filter(([path]) => !path.startsWith('/dev/'))
    expect(Object.fromEntries(shared)).toEqual(paths)
  })
})

describe('every code of a problem', () => {
  test('leads to a page about it, for people and for programs', async () => {
    const codes = [...new Set(operations.flatMap((operation) => [...operation.codes]))]
    expect(codes.length).toBeGreaterThan(30)
    for (const code of codes) {
      const page = await read(`/problems/${code}`, { accept: 'text/html' })
      expect(page.status, code).toBe(200)
      expect(await page.text()).toContain(`<h1>${code}</h1>`)
      expect(await (await read(`/problems/${code}`)).json()).toMatchObject({ code })
    }
  })

  test('is the page that the type of a real problem names', async () => {
    const problem = z.object({ type: z.string(), code: z.string() })
    const { type, code } = problem.parse(await (await read('/v1/no-such-path')).json())
    expect(await (await read(type)).json()).toMatchObject({ code })
  })
})
