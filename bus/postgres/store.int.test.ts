import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#services/kit/testing/database.ts'
import { createManualClock } from '../testing/clock.ts'
import { type BusFixture, ORIGIN, SERVICE } from '../testing/fixture.ts'
import { FlushConflict } from '../unit-of-work/unit-of-work.ts'
import { postgresOf } from './store.ts'
import { createTestSchema, postgresFixture } from './testing/fixture.ts'
import { prepareWrite } from './write.ts'

let database: TestDatabase
let fixture: BusFixture
const clock = createManualClock()

beforeAll(async () => {
  database = await createTestDatabase()
  await createTestSchema(database.url)
})
beforeEach(async () => {
  fixture = await postgresFixture(() => database.url)(clock)
  return () => fixture.end()
})
afterAll(() => database.drop())

const table = sql`${sql.identifier(SERVICE)}.counter`

test('a row that somebody else has inserted meanwhile is a conflict, not a failure', async () => {
  const insert = prepareWrite('counter', sql`insert into ${table} (id, version) values (${sql.placeholder('id')}, 1)`)
  const { store } = fixture.start()
  const flush = () => {
    const tx = store.begin(clock.now(), ORIGIN)
    postgresOf(tx).write(insert, { id: 'a' })
    return store.flush(tx)
  }
  await flush()
  await expect(flush()).rejects.toBeInstanceOf(FlushConflict)
})

test('writes that touch several rows are counted, and one row less is a miss', async () => {
  const insert = prepareWrite(
    'counters',
    sql`insert into ${table} (id, version) select id, 1 from unnest(${sql.placeholder('names')}::text[]) as id`,
  )
  const { store, counters } = fixture.start()
  const flush = (rows: number) => {
    const tx = store.begin(clock.now(), ORIGIN)
    postgresOf(tx).write(insert, { names: ['a', 'b', 'c'] }, rows)
    return store.flush(tx)
  }
  await expect(flush(4)).rejects.toMatchObject({ write: 'counters' })
  expect(await counters.version('b')).toBe(0)
  await flush(3)
  expect(await counters.version('b')).toBe(1)
})
