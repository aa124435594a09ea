import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#services/kit/testing/database.ts'
import { SERVICE } from '../testing/fixture.ts'
import { DuplicateMessage } from '../unit-of-work/unit-of-work.ts'
import { type Database, openDatabase } from './database.ts'
import { type CommitReceipt, createReceipts } from './receipts.ts'
import { createTestSchema } from './testing/fixture.ts'

const receivedAt = '2026-03-01T12:00:00.000Z'
const receiptOf = (id: string, consumer = 'tally/counting') => ({ consumer, id, receivedAt })

let own: TestDatabase
let database: Database
let commit: CommitReceipt
beforeAll(async () => {
  own = await createTestDatabase()
  await createTestSchema(own.url)
})
beforeEach(() => {
  database = openDatabase({ url: own.url, name: SERVICE, queueWaitMs: 20_000 })
  commit = createReceipts(SERVICE, database)
})
afterEach(async () => {
  await database.run(`delete from ${SERVICE}.inbox`, [])
  await database.close()
})
afterAll(() => own.drop())

const rows = async () => (await database.run(`select id from ${SERVICE}.inbox order by id`, [])).map(({ id }) => id)
const statusesOf = async (work: readonly Promise<void>[]) =>
  (await Promise.allSettled(work)).map((outcome) => (outcome.status === 'fulfilled' ? 'committed' : outcome.reason))

test('receipts of one turn are one statement', async () => {
  const before = database.statements()
  await Promise.all(['c', 'a', 'b'].map((id) => commit(receiptOf(id))))
  expect(database.statements() - before).toBe(1)
  expect(await rows()).toEqual(['a', 'b', 'c'])
})

test('each is told its own outcome: new, received before, or twice at once', async () => {
  await commit(receiptOf('old'))
  const outcomes = await statusesOf([commit(receiptOf('old')), commit(receiptOf('new')), commit(receiptOf('new'))])
  expect(outcomes).toEqual([expect.any(DuplicateMessage), 'committed', expect.any(DuplicateMessage)])
  expect(await rows()).toEqual(['new', 'old'])
})

test('consumers do not share their messages', async () => {
  await Promise.all([commit(receiptOf('a')), commit(receiptOf('a', 'tally/other'))])
  expect(await rows()).toEqual(['a', 'a'])
})

test('one that the database refuses fails alone', async () => {
  const outcomes = await statusesOf([commit(receiptOf('a')), commit(receiptOf('nul \0 byte')), commit(receiptOf('b'))])
  expect(outcomes).toEqual(['committed', expect.objectContaining({ code: '22021' }), 'committed'])
  expect(await rows()).toEqual(['a', 'b'])
})

test('none is committed where the database is out of reach', async () => {
  const unreachable = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', name: SERVICE })
  const commitNowhere = createReceipts(SERVICE, unreachable)
  const outcomes = await statusesOf([commitNowhere(receiptOf('a')), commitNowhere(receiptOf('b'))])
  expect(outcomes).toEqual([
    expect.objectContaining({ code: 'UNAVAILABLE' }),
    expect.objectContaining({ code: 'UNAVAILABLE' }),
  ])
  expect(unreachable.statements()).toBe(1)
  await unreachable.close()
})
