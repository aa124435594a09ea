import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#services/kit/testing/database.ts'
import { type Database, openDatabase } from './database.ts'

let own: TestDatabase
let database: Database
beforeAll(async () => {
  own = await createTestDatabase()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await database.close()
})
afterAll(() => own.drop())

const open = (url = own.url): Database => {
  database = openDatabase({ url, name: 'ping', connections: 1 })
  return database
}

test('a server that answers is there', async () => {
  await expect(open().ping()).resolves.toBeUndefined()
})

test('a server that is away is not', async () => {
  const away = new URL(own.url)
  away.port = '1'
  await expect(open(away.href).ping()).rejects.toThrow('The database is not available now')
})

test('a server that is busy with all connections is there, while other statements are put off', async () => {
  const busy = open()
  const slow = busy.run('select pg_sleep(1)', [])
  await expect(busy.run('select 1', [])).rejects.toThrow('The database is not available now')
  await expect(busy.ping()).resolves.toBeUndefined()
  await slow
})

test('a server of which nothing was heard for longer than a statement may take is not', async () => {
  const silent = open()
  const slow = silent.run('select pg_sleep(0.2)', [])
  const nowMs = performance.now()
  vi.spyOn(performance, 'now').mockReturnValue(nowMs + 3_100)
  await expect(silent.ping()).rejects.toThrow('The database is not available now')
  await slow
})

test('a server that was asked nothing for long is there when all connections are taken at once', async () => {
  const idle = open()
  await idle.ping()
  const nowMs = performance.now()
  vi.spyOn(performance, 'now').mockReturnValue(nowMs + 600_000)
  const slow = idle.run('select pg_sleep(0.2)', [])
  await expect(idle.ping()).resolves.toBeUndefined()
  await slow
})
