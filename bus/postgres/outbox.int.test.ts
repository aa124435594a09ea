import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { pgSchema } from 'drizzle-orm/pg-core'
import { createTestDatabase, type TestDatabase } from '#services/kit/testing/database.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { SHARDS } from '../outbox/shard.ts'
import { SERVICE } from '../testing/fixture.ts'
import { type Database, openDatabase } from './database.ts'
import { createPostgresOutbox } from './outbox.ts'
import { busTables } from './tables.ts'
import { createTestSchema } from './testing/fixture.ts'

const tables = busTables(pgSchema(SERVICE))

let own: TestDatabase
let database: Database
let relays: Outbox[]
beforeAll(async () => {
  own = await createTestDatabase()
  await createTestSchema(own.url)
})
beforeEach(() => {
  database = openDatabase({ url: own.url, name: SERVICE, queueWaitMs: 20_000 })
  relays = []
})
afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(relays.map((relay) => relay.release()))
  await database.close()
})
afterAll(() => own.drop())

const relayOf = (silenceMs: number): Outbox => {
  const relay = createPostgresOutbox({ service: SERVICE, url: own.url, database, tables, silenceMs })
  relays.push(relay)
  return relay
}

test('the shards of a relay that fell silent fall to another, and it knows', async () => {
  const silent = relayOf(500)
  expect(await silent.claim()).toBe(SHARDS)
  const other = relayOf(60_000)
  await vi.waitFor(async () => expect(await other.claim()).toBe(SHARDS), { timeout: 20_000 })
  expect(await silent.stillHolds()).toBe(false)
})

test('a relay that is busy for long says now and then that it is alive', async () => {
  const lastHeard = async () =>
    database.run(
      `select query_start::text from pg_stat_activity
        where application_name = $1 and datname = current_database()`,
      [`${SERVICE}-relay`],
    )
  // A session that another test has closed is seen for a moment longer.
  await vi.waitFor(async () => expect(await lastHeard()).toEqual([]), { timeout: 20_000 })
  let nowMs = Math.ceil(performance.now())
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  const relay = relayOf(60_000)
  await relay.claim()
  const claimed = await lastHeard()
  expect(claimed).toHaveLength(1)
  nowMs += 14_999
  expect(await relay.stillHolds()).toBe(true)
  expect(await lastHeard()).toEqual(claimed)
  nowMs += 1
  expect(await relay.stillHolds()).toBe(true)
  expect(await lastHeard()).not.toEqual(claimed)
})
