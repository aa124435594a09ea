import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { addressOf } from './testing/ask.ts'
import { type DocumentedOperation, readOperations } from './testing/documents.ts'
import { startTestPlatform, type TestPlatform } from './testing/platform.ts'
import { POLICY } from './testing/policy.ts'
import { makeScene, type Principal, type Scene } from './testing/scene.ts'

let platform: TestPlatform
let scene: Scene
let lists: readonly DocumentedOperation[]

beforeAll(async () => {
  platform = await startTestPlatform()
  scene = await makeScene(platform)
  lists = (await readOperations(platform.client)).filter(({ query }) => query.includes('cursor'))
})
afterAll(() => platform.stop())

const Page = z.object({ items: z.array(z.unknown()), nextCursor: z.string().optional() })

/** Somebody for whom each list has two pages of one item; admins where it is not said. */
const READERS: Readonly<Record<string, Principal>> = { listCourses: 'tutor', listMyEnrollments: 'owner' }

const read = (operation: DocumentedOperation, query: Readonly<Record<string, string>>, as?: Principal) => {
  const [asked] = POLICY[operation.operationId] ?? []
  if (!asked) throw new Error(`The policy has no row for ${operation.operationId}.`)
  const principal = as ?? READERS[operation.operationId] ?? 'admin'
  const own = Object.fromEntries(new URLSearchParams(asked.query ?? ''))
  const search = new URLSearchParams({ ...own, ...query })
  const path = addressOf(operation, { ...asked, query: `?${search}` }, scene.resources)
  const { token } = principal === 'anonymous' ? scene.people.learner : scene.people[principal]
  return platform.client.call('GET', path, { token })
}

/** What a list gives out with its first page of one item; undefined for a list that has no second page here. */
const genuine = async (operation: DocumentedOperation, query: Readonly<Record<string, string>> = {}) =>
  (await read(operation, { ...query, limit: '1' })).as(Page).nextCursor

const expectRefused = async (
  operation: DocumentedOperation,
  query: Readonly<Record<string, string>>,
  as?: Principal,
): Promise<void> => {
  const answer = await read(operation, query, as)
  const what = `${operation.operationId} ${JSON.stringify(query)}`
  expect(answer.status, what).toBe(400)
  expect(JSON.parse(answer.text), what).toMatchObject({ errors: [{ parameter: 'cursor' }] })
}

const listNamed = (operationId: string): DocumentedOperation => {
  const found = lists.find((operation) => operation.operationId === operationId)
  if (!found) throw new Error(`${operationId} is no list.`)
  return found
}

const flipped = (text: string, at: number): string =>
  text.slice(0, at) + (text.charAt(at) === 'A' ? 'B' : 'A') + text.slice(at + 1)

describe('a cursor', () => {
  test.each(['', 'x', '.', 'a.b', 'a.b.c', '../../etc/passwd', "' or 1=1 --", '%00', 'WzEsbnVsbCwiIiwiIl0.AAAA'])(
    'that nobody gave out is refused by every list: %j',
    async (cursor) => {
      expect(lists.length).toBeGreaterThan(8)
      for (const list of lists) await expectRefused(list, { cursor })
    },
  )

  test('that is too long is refused', async () => {
    for (const list of lists) await expectRefused(list, { cursor: 'A'.repeat(1025) })
  })

  test('goes on where its page ended, and is refused with any letter changed', async () => {
    const list = listNamed('listUsers')
    const cursor = (await genuine(list)) ?? ''
    expect((await read(list, { cursor, limit: '1' })).status).toBe(200)
    for (let at = 0; at < cursor.length; at += 3) {
      // The last letters of base64 carry bits that mean nothing.
      if (at < cursor.length - 3) await expectRefused(list, { cursor: flipped(cursor, at) })
    }
    await expectRefused(list, { cursor: cursor.slice(0, -2) })
    await expectRefused(list, { cursor: `${cursor}.${cursor}` })
  })

  test('is good for its own list and for no other', async () => {
    const cursors = new Map<string, string>()
    for (const list of lists) {
      const cursor = await genuine(list)
      if (cursor !== undefined) cursors.set(list.operationId, cursor)
    }
    expect([...cursors.keys()]).toEqual(
      expect.arrayContaining([
        'listUsers',
        'listCourses',
        'listMyEnrollments',
        'listLedgerEntries',
        'listLearningSagas',
      ]),
    )
    for (const [origin, cursor] of cursors) {
      expect((await read(listNamed(origin), { cursor })).status, origin).toBe(200)
      for (const list of lists.filter(({ operationId }) => operationId !== origin))
        await expectRefused(list, { cursor })
    }
  })

  test.each([
    ['listUsers', {}, { role: 'learner' }],
    ['listUsers', { role: 'learner' }, {}],
    ['listUsers', { role: 'tutor' }, { role: 'learner' }],
    ['listMyEnrollments', {}, { status: 'CANCELLED' }],
    ['listLedgerEntries', { account: 'platform' }, { account: 'provider' }],
    ['listLearningSagas', {}, { status: 'completed' }],
  ])('of %s with %j is refused with %j', async (operationId, given, used) => {
    const list = listNamed(operationId)
    const cursor = await genuine(list, given)
    expect(cursor, 'there is a second page').toBeDefined()
    await expectRefused(list, { ...used, cursor: cursor ?? '' })
  })

  test('of one person is refused for another', async () => {
    const courses = listNamed('listCourses')
    await expectRefused(courses, { cursor: (await genuine(courses)) ?? '' }, 'otherTutor')
    const enrollments = listNamed('listMyEnrollments')
    await expectRefused(enrollments, { cursor: (await genuine(enrollments)) ?? '' }, 'learner')
  })

  test.each(['0', '101', '-1', '1e3', '1.5', 'x', ''])('a page of %j items is refused', async (limit) => {
    for (const list of lists) {
      const answer = await read(list, { limit })
      expect(answer.status, list.operationId).toBe(400)
      expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ parameter: 'limit' }] })
    }
  })
})
