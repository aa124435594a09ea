import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { pgSchema } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addMs, systemClock } from '#domain/kernel/clock.ts'
import { createTestDatabase, type TestDatabase } from '#services/kit/testing/database.ts'
import { type Database, openDatabase } from '../../postgres/database.ts'
import { createPostgresReplySlots } from '../../postgres/reply-slots.ts'
import { busTables } from '../../postgres/tables.ts'
import { createTestSchema } from '../../postgres/testing/fixture.ts'
import { SERVICE } from '../../testing/fixture.ts'

let database: TestDatabase
let connections: Database
beforeAll(async () => {
  database = await createTestDatabase()
  await createTestSchema(database.url)
  connections = openDatabase({ url: database.url, name: SERVICE, queueWaitMs: 20_000 })
})
afterAll(async () => {
  await connections.close()
  await database.drop()
})

test('a process that is killed with a slot leaves nothing but a lease that runs out, and no reply of its own is taken for another’s', async () => {
  const child = fork(fileURLToPath(new URL('testing/lessee.ts', import.meta.url)), [database.url])
  const [held] = await once(child, 'message')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(held).toEqual({ slot: 0, epoch: 1 })
  const slots = createPostgresReplySlots(connections, busTables(pgSchema(SERVICE)), 1)
  const now = systemClock.now()
  expect(await slots.take(now, addMs(now, 15_000))).toBeUndefined()
  const later = addMs(now, 15_000)
  expect(await slots.take(later, addMs(later, 15_000))).toEqual({ slot: 0, epoch: 2 })
})
