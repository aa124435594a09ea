import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ALL_PATTERNS } from '#bus/patterns/directory.ts'
import { addressOf, ask, callOf, callPatiently } from './testing/ask.ts'
import type { Answer } from './testing/client.ts'
import { type DocumentedOperation, readOperations } from './testing/documents.ts'
import { startTestPlatform, type TestPlatform } from './testing/platform.ts'
import { POLICY, type PolicyCase, SENDERS } from './testing/policy.ts'
import { succeedWithTheRest } from './testing/remaining-successes.ts'
import { makeScene, missingResources, PRINCIPALS, type Scene } from './testing/scene.ts'
import { z } from 'zod'

let platform: TestPlatform
let scene: Scene
let operations: ReadonlyMap<string, DocumentedOperation>

/** Stands in every row of every table, and in no schema. */
const CANARY = 'canary-column'

const addCanaryColumns = async ({ databaseUrl }: TestPlatform): Promise<void> => {
  const sql = postgres(databaseUrl, { max: 1 })
  const tables = z.array(z.object({ name: z.string() })).parse(
    await sql`select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname in ('user', 'learning', 'payment') and tablename <> 'schema_migrations'`,
  )
  expect(tables.length).toBeGreaterThan(20)
  for (const { name } of tables) await sql.unsafe(`alter table ${name} add column canary text default '${CANARY}'`)
  await sql.end()
}

beforeAll(async () => {
  platform = await startTestPlatform()
  await addCanaryColumns(platform)
  operations = new Map((await readOperations(platform.client)).map((operation) => [operation.operationId, operation]))
  scene = await makeScene(platform)
})
afterAll(() => platform.stop())

const operationNamed = (operationId: string): DocumentedOperation => {
  const found = operations.get(operationId)
  if (!found) throw new Error(`No document has the operation ${operationId}.`)
  return found
}

/** Everything of an answer that does not differ from request to request, ids replaced. */
const seen = ({ status, headers, text }: Answer, ids: readonly string[]) => ({
  status,
  headers: [...headers.keys()].filter((name) => !['date', 'content-length'].includes(name)),
  body: ids
    .filter((id) => id !== '')
    .reduce((body, id) => body.replaceAll(id, 'ID'), text)
    .replace(/"traceId":"[^"]+"/, '"traceId":"-"'),
})

const cases = Object.entries(POLICY).flatMap(([operationId, states]) =>
  states.map((asked) => ({ operationId, state: asked.state, asked })),
)

describe('the policy table', () => {
  test('has a row for every operation, and no other', () => {
    expect(Object.keys(POLICY).toSorted()).toEqual([...operations.keys()].toSorted())
  })

  test('lets nobody in without signing in where the document asks for it, and everybody where it does not', () => {
    const askedFor = cases.map(({ operationId, asked }) => [operationId, !asked.verdicts.startsWith('401')])
    expect(askedFor).toEqual(askedFor.map(([id]) => [id, operations.get(String(id))?.isPublic]))
  })
})

describe('every operation answers as the policy says', () => {
  const missing = missingResources()

  /** Asked again about an id that nothing has, a stranger must be told exactly the same. */
  const expectSameAsMissing = async (operationId: string, asked: PolicyCase, answers: ReadonlyMap<string, Answer>) => {
    for (const principal of PRINCIPALS) {
      const answer = answers.get(principal)
      if (answer?.status !== 404) continue
      const other = await ask(platform, operationNamed(operationId), asked, principal, scene, missing)
      const foreign = seen(answer, Object.values(scene.resources))
      expect(seen(other, Object.values(missing)), principal).toEqual(foreign)
    }
  }

  test.each(cases)('$operationId, $state', async ({ operationId, asked }) => {
    const answers = new Map<string, Answer>()
    const wanted = asked.verdicts.split(' ')
    for (const [at, principal] of PRINCIPALS.entries())
      if (wanted[at] !== '-')
        answers.set(principal, await ask(platform, operationNamed(operationId), asked, principal, scene))
    const given = PRINCIPALS.map(
      (principal, at) => `${principal} ${wanted[at] === '-' ? '-' : answers.get(principal)?.status}`,
    )
    expect(given).toEqual(PRINCIPALS.map((principal, at) => `${principal} ${wanted[at]}`))
    for (const { text } of answers.values()) expect(text, 'a column that no schema names').not.toContain(CANARY)
    await expectSameAsMissing(operationId, asked, answers)
  })
})

describe('nobody becomes somebody by saying so', () => {
  const CLAIMS = {
    'x-user-id': 'usr_019aad2c-6a00-7c3f-8e4b-2f6d1a9c5e07',
    'x-roles': 'admin',
    'x-service': 'payment',
    'x-forwarded-user': 'admin',
    'x-http-method-override': 'GET',
    cookie: 'token=admin; session=admin',
  }

  test.each(cases.filter(({ asked }) => asked.verdicts.startsWith('401')))(
    '$operationId, $state',
    async ({ operationId, asked }) => {
      const operation = operationNamed(operationId)
      const call = { ...callOf(asked, 'anonymous', scene), headers: CLAIMS }
      const answer = await callPatiently(platform, operation.method, addressOf(operation, asked, scene.resources), call)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    },
  )

  test('a token in the query or in a cookie is nobody’s', async () => {
    const { token } = scene.people.admin
    const headers = { cookie: `access_token=${token}; token=${token}` }
    const path = `/v1/users/me?access_token=${token}`
    expect((await platform.client.call('GET', path, { headers })).status).toBe(401)
  })
})

describe('every operation', () => {
  test('has succeeded, and has answered as its document says', async () => {
    await succeedWithTheRest(platform, scene, operations)
    const { checked } = platform.client.validator
    expect([...operations.keys()].filter((operationId) => !checked.has(operationId))).toEqual([])
  })
})

describe('messages of the bus', () => {
  const messages = ALL_PATTERNS.flatMap(({ service, messages: answered }) =>
    answered.map(({ type, audience }) => ({ service, type, audience })),
  )
  const others = (service: string) => ['user', 'learning', 'payment', 'gateway'].filter((name) => name !== service)

  test('each has its senders in the policy', () => {
    expect(Object.fromEntries(messages.map(({ type, audience }) => [type, audience]))).toEqual(SENDERS)
  })

  test.each(messages.filter(({ audience }) => audience === 'self'))(
    '$type is refused from everybody but $service',
    async ({ service, type }) => {
      const { runtime } = Object.values(platform.platform.services).find(({ name }) => name === service) ?? {}
      for (const from of others(service)) {
        const reply = await runtime?.dispatcher.respond({
          type,
          data: {},
          from,
          id: crypto.randomUUID(),
          idempotencyKey: crypto.randomUUID(),
          origin: { correlationId: crypto.randomUUID() },
        })
        expect(reply, from).toMatchObject({ outcome: 'faulted', code: 'SENDER_REFUSED' })
      }
    },
  )
})
