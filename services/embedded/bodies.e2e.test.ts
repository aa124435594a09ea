import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MINUTE } from '#domain/kernel/clock.ts'
import { type HttpCase, httpCases } from '#services/kit/testing/http-cases.ts'
import { expectProblem } from '#services/kit/testing/http-suite.ts'
import { compiledOperations, tokenWithoutRoles } from './testing/doors.ts'
import { type DocumentedOperation, readOperations } from './testing/documents.ts'
import { makePerson, type Person } from './testing/people.ts'
import { startTestPlatform, type TestPlatform } from './testing/platform.ts'

let platform: TestPlatform
let admin: Person
let operations: readonly DocumentedOperation[]

beforeAll(async () => {
  platform = await startTestPlatform()
  operations = await readOperations(platform.client)
  admin = await makePerson(platform, 'learner', 'admin')
})
afterAll(() => platform.stop())

/** The same request at the running platform; quotas refill by the clock. */
const send = async (request: Request): Promise<Response> => {
  const { pathname, search } = new URL(request.url)
  const url = platform.client.baseUrl + pathname + search
  const first = await fetch(new Request(url, request.clone()))
  if (first.status !== 429) return first
  await first.body?.cancel()
  platform.clock.forward(MINUTE)
  return fetch(new Request(url, request))
}

const refusalOf = async (refused: HttpCase): Promise<string | undefined> => {
  const { method, url } = refused.request
  const response = await send(refused.request)
  try {
    const body = await expectProblem(response, refused)
    const { status, headers } = response
    platform.client.validator.check({ method, path: new URL(url).pathname, status, headers, body })
    return undefined
  } catch (error) {
    return `${refused.name}: ${response.status} ${String(error)}`
  }
}

const casesOf = async (): Promise<HttpCase[]> => {
  const authorized = { authorization: `Bearer ${admin.token}` }
  const unscoped = { authorization: `Bearer ${await tokenWithoutRoles(platform, admin)}` }
  return httpCases({ operations: compiledOperations(platform) }, { authorized, unscoped })
}

describe('every door of the running platform', () => {
  test('refuses what cannot be read, is unknown, has another type or comes from nobody', async () => {
    const cases = await casesOf()
    expect(cases.length).toBeGreaterThan(300)
    const wrong: string[] = []
    for (const refused of cases) wrong.push((await refusalOf(refused)) ?? '')
    expect(wrong.filter((line) => line !== '')).toEqual([])
  })

  test('documents every code of its refusals', async () => {
    const codes = new Map(operations.map(({ operationId, codes: known }) => [operationId, known]))
    const undocumented = (await casesOf())
      .map(({ name, code }) => [name.split(':')[0] ?? '', code] as const)
      .filter(([operationId, code]) => codes.get(operationId)?.has(code) === false)
    expect(undocumented).toEqual([])
  })

  test('refuses a body of chunks that never says how long it is', async () => {
    const chunk = new TextEncoder().encode(`"${'x'.repeat(65_536)}`)
    let left = 40
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => (left-- > 0 ? controller.enqueue(chunk) : controller.close()),
    })
    const headers = {
      authorization: `Bearer ${admin.token}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
    }
    const url = `${platform.client.baseUrl}/v1/courses`
    const response = await fetch(url, { method: 'POST', headers, body, duplex: 'half' })
    expect(response.status).toBe(413)
  })
})

describe('what only the platform decides', () => {
  const DECIDED = ['id', 'role', 'roles', 'scopes', 'status', 'tutorId', 'ownerId', 'userId', 'price', 'version']

  test('cannot be set by a field more in any body', async () => {
    const bodies = compiledOperations(platform).filter(({ input }) => input?.body)
    expect(bodies.length).toBeGreaterThan(10)
    for (const { operationId, input, route } of bodies)
      for (const field of DECIDED.filter((name) => input?.known?.has(name) === false)) {
        const path = route.path.replaceAll(/\{\w+\}/g, 'x')
        const request = new Request(`http://localhost${path}`, {
          method: route.method.toUpperCase(),
          headers: {
            authorization: `Bearer ${admin.token}`,
            'content-type': input?.body?.mediaType ?? '',
            'if-match': '"1"',
            'idempotency-key': crypto.randomUUID(),
          },
          body: JSON.stringify({ [field]: 'admin' }),
        })
        await expectProblem(await send(request), {
          name: `${operationId} ${field}`,
          request,
          status: 400,
          code: 'INVALID_INPUT',
          at: { pointer: `/${field}` },
        })
      }
  })
})
