import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { examplesOf } from '#services/kit/http/document/examples.ts'
import { type BusOperation, isBusOperation } from '#services/kit/testing/http-cases.ts'
import { INJECTIONS, stringsIn, withTextAt } from '#services/kit/testing/injections.ts'
import { z } from 'zod'
import { addressOf, callOf, callPatiently } from './testing/ask.ts'
import type { Answer, Call } from './testing/client.ts'
import { type DocumentedOperation, readOperations } from './testing/documents.ts'
import { compiledOperations } from './testing/doors.ts'
import { signIn } from './testing/people.ts'
import { startTestPlatform, type TestPlatform } from './testing/platform.ts'
import { POLICY, type PolicyCase } from './testing/policy.ts'
import { VERSION_READERS } from './testing/remaining-successes.ts'
import { makeScene, PRINCIPALS, type Principal, type Scene } from './testing/scene.ts'

let platform: TestPlatform
let scene: Scene
let operations: readonly DocumentedOperation[]
let compiled: ReadonlyMap<string, BusOperation>

beforeAll(async () => {
  platform = await startTestPlatform()
  operations = await readOperations(platform.client)
  const bus = compiledOperations(platform).filter(isBusOperation)
  compiled = new Map(bus.map((operation) => [operation.operationId, operation]))
  scene = await makeScene(platform)
})
afterAll(() => platform.stop())

/** Waiting for quotas moves the clock, and tokens live a quarter of an hour of it. */
const signInAgain = async (): Promise<void> => {
  const { people, spare } = scene
  const tutor = await signIn(platform, people.tutor)
  const owner = await signIn(platform, people.owner)
  const admin = await signIn(platform, people.admin)
  scene = { ...scene, people: { ...people, tutor, owner, admin }, spare: { ...spare, tutor, owner, admin } }
}

/** Somebody who gets past the authorization. */
const allowedFor = ({ verdicts }: PolicyCase): Principal => {
  const statuses = verdicts.split(' ')
  return PRINCIPALS.findLast((_, at) => !['401', '403', '404', '-'].includes(statuses[at] ?? '-')) ?? 'admin'
}

const firstCase = ({ operationId }: DocumentedOperation): PolicyCase => {
  const [asked] = POLICY[operationId] ?? []
  if (!asked) throw new Error(`The policy has no row for ${operationId}.`)
  return asked
}

const currentVersion = async (
  operation: DocumentedOperation,
  asked: PolicyCase,
  { token }: Call,
): Promise<string | undefined> => {
  const path = VERSION_READERS[operation.operationId]
  if (path === undefined) return undefined
  const address = addressOf({ ...operation, path }, asked, scene.resources)
  return (await platform.client.call('GET', address, { token })).headers.get('etag') ?? undefined
}

/** A slug of the example would be taken after its first use, and its subject is none of the platform's. */
const KNOWN = { subject: 'programming', slug: undefined }

/** A body with every optional field, so that each of them can be injected; the policy's own values go first. */
const fullBody = ({ operationId }: DocumentedOperation, { body }: Call): Record<string, unknown> => {
  const found = compiled.get(operationId)
  const example: Readonly<Record<string, unknown>> = found ? { ...examplesOf(found).input, ...KNOWN } : {}
  const fields = (found?.input.body?.fields ?? []).map(({ name }) => [name, example[name]])
  return { ...Object.fromEntries(fields), ...Object(body) }
}

const Problem = z.object({ code: z.string() })

const expectHarmless = ({ status, headers, text }: Answer, what: string, codes: ReadonlySet<string>): void => {
  expect(status, `${what}: ${text}`).toBeLessThan(500)
  expect(headers.get('set-cookie'), what).toBeNull()
  if (status >= 400) expect([...codes], what).toContain(Problem.parse(JSON.parse(text)).code)
}

const isBody = ({ mediaType, operationId }: DocumentedOperation): boolean =>
  mediaType !== undefined && operationId !== 'receiveWebhook'

/** Strings of the body, and the fields that may be strings and are left out. */
const placesIn = (operation: DocumentedOperation, body: Record<string, unknown>): (string | number)[][] => [
  ...stringsIn(body).map((place) => [...place]),
  ...(compiled.get(operation.operationId)?.input.body?.fields ?? [])
    .filter(({ name }) => body[name] === undefined)
    .map(({ name }) => [name]),
]

const injectBody = async (operation: DocumentedOperation): Promise<void> => {
  const asked = firstCase(operation)
  const principal = allowedFor(asked)
  const address = addressOf(operation, asked, scene.resources)
  const first = callOf(asked, principal, scene)
  let ifMatch = await currentVersion(operation, asked, first)
  for (const place of placesIn(operation, fullBody(operation, first)))
    for (const [name, text] of Object.entries(INJECTIONS)) {
      const call = callOf(asked, principal, scene)
      const body = withTextAt(fullBody(operation, call), place, text)
      const answer = await callPatiently(platform, operation.method, address, { ...call, body, ifMatch })
      expectHarmless(answer, `${operation.operationId} /${place.join('/')} ${name}`, operation.codes)
      // A refusal has no ETag, and the version stays what it was.
      ifMatch = answer.headers.get('etag') ?? ifMatch
      expect(answer.status, 'based on the current version').not.toBe(412)
    }
}

describe('texts that do harm elsewhere are taken or refused', () => {
  const withBody = Object.entries(POLICY).flatMap(([operationId, [first]]) => (first?.body ? [operationId] : []))

  test.each(withBody)('in every string of the body of %s', async (operationId) => {
    await signInAgain()
    for (const operation of operations.filter((one) => one.operationId === operationId)) await injectBody(operation)
  })

  test('in the body of every operation that takes one', () => {
    expect(
      operations
        .filter(isBody)
        .map(({ operationId }) => operationId)
        .toSorted(),
    ).toEqual(withBody.toSorted())
  })

  test('in every parameter of every path and query', async () => {
    await signInAgain()
    const { token } = scene.people.admin
    const texts = Object.entries(INJECTIONS).filter(([, text]) => text.isWellFormed())
    for (const operation of operations.filter(({ method }) => method === 'GET'))
      for (const [name, text] of texts) {
        const encoded = encodeURIComponent(text)
        const asked = firstCase(operation)
        const inPath = operation.path.replaceAll(/\{\w+\}/g, () => encoded)
        const whole = addressOf(operation, { ...asked, query: '' }, scene.resources)
        const inQuery = operation.query.map((parameter) => `${whole}?${parameter}=${encoded}`)
        const addresses = [...(inPath === operation.path ? [] : [inPath]), ...inQuery]
        for (const address of addresses)
          expectHarmless(
            await platform.client.call('GET', address, { token }),
            `${name} in ${address}`,
            operation.codes,
          )
      }
  })

  test('in the headers that the platform reads', async () => {
    const { token } = scene.people.tutor
    const names = [
      'idempotency-key',
      'if-match',
      'if-none-match',
      'x-correlation-id',
      'traceparent',
      'origin',
      'accept',
    ]
    const codes = operations.find(({ operationId }) => operationId === 'createCourse')?.codes ?? new Set()
    for (const name of names)
      for (const [what, text] of Object.entries(INJECTIONS).filter(([, one]) => /^[\x20-\x7e]{1,4000}$/.test(one))) {
        const body = { title: 'By header', language: 'en' }
        const answer = await platform.client.call('POST', '/v1/courses', { token, body, headers: { [name]: text } })
        expectHarmless(answer, `${what} in ${name}`, codes)
      }
  })

  test('and the platform still stands', async () => {
    await signInAgain()
    const { client } = platform
    const list = z.object({ items: z.array(z.unknown()).min(1) })
    for (const path of ['/v1/users', '/v1/ledger?account=platform', '/v1/sagas/learning'])
      await client.expect(200, list, 'GET', path, { token: scene.people.admin.token })
  })
})
