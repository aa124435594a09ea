import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import { and, eq, sql } from 'drizzle-orm'
import { integer, pgSchema, text } from 'drizzle-orm/pg-core'
import postgres from 'postgres'
import { type Counters, type MakeFixture, SERVICE, SLOTS } from '../../testing/fixture.ts'
import { createTestIds } from '../../testing/ids.ts'
import { type Database, openDatabase } from '../database.ts'
import { createPostgresDeadLetters } from '../dead-letters.ts'
import { flushCheckSql } from '../flush-check.ts'
import { createPostgresIdempotency } from '../idempotency.ts'
import { createPostgresInbox } from '../inbox.ts'
import { createPostgresInspection } from '../inspection.ts'
import { createPostgresOutbox } from '../outbox.ts'
import { createPostgresReplySlots } from '../reply-slots.ts'
import { createPostgresSagas } from '../sagas.ts'
import { createPostgresStore, postgresOf } from '../store.ts'
import { busTables, sagaTables } from '../tables.ts'
import { prepareWrite } from '../write.ts'

const schema = pgSchema(SERVICE)
const tables = busTables(schema)
const sagas = sagaTables(schema)
const counter = schema.table('counter', { id: text('id').primaryKey(), version: integer('version').notNull() })

/** Makes the schema of the service under test in an empty database. */
export const createTestSchema = async (url: string): Promise<void> => {
  const all = { schema, ...tables, ...sagas, counter }
  const statements = await generateMigration(generateDrizzleJson({}), generateDrizzleJson(all))
  const client = postgres(url, { max: 1 })
  try {
    for (const statement of [...statements, flushCheckSql(SERVICE)]) await client.unsafe(statement)
  } finally {
    await client.end()
  }
}

const insert = prepareWrite(
  'counter',
  sql`insert into ${counter} (id, version) values (${sql.placeholder('id')}, 1)
  on conflict do nothing`,
)

const createCounters = ({ drizzle: db }: Database): Counters => {
  const update = prepareWrite(
    'counter',
    db
      .update(counter)
      .set({ version: sql`${counter.version} + 1` })
      .where(and(eq(counter.id, sql.placeholder('id')), eq(counter.version, sql.placeholder('version')))),
  )
  return {
    version: async (id) => (await db.select().from(counter).where(eq(counter.id, id)))[0]?.version ?? 0,
    save: (tx, id, version) =>
      version === 0 ? postgresOf(tx).write(insert, { id }) : postgresOf(tx).write(update, { id, version }),
  }
}

const TABLES = [
  'outbox',
  'held_keys',
  'inbox',
  'idempotency_keys',
  'reply_slots',
  'dead_letters',
  'saga',
  'saga_journal',
  'counter',
]

/** Stores in the PostgreSQL at `url`, emptied for each test of the contract suites. */
export const postgresFixture =
  (url: () => string): MakeFixture =>
  async (clock) => {
    const owner = postgres(url(), { max: 1 })
    await owner`truncate ${owner(TABLES.map((table) => `${SERVICE}.${table}`))}`
    const ids = createTestIds()
    const closers: (() => Promise<void>)[] = [() => owner.end()]

    const endRelays = async (): Promise<void> => {
      await owner`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = ${`${SERVICE}-relay`}`
    }

    const start = () => {
      // Patient, since the machine that runs the tests may be busy.
      const database = openDatabase({ url: url(), name: SERVICE, queueWaitMs: 20_000 })
      const store = createPostgresStore({ service: SERVICE, database, tables, ids })
      const outbox = createPostgresOutbox({ service: SERVICE, url: url(), database, tables })
      closers.push(
        () => database.close(),
        () => outbox.release(),
      )
      return {
        store,
        outbox,
        inbox: createPostgresInbox(database, tables),
        idempotency: createPostgresIdempotency(database, tables, store, clock),
        deadLetters: createPostgresDeadLetters(database, tables),
        replySlots: createPostgresReplySlots(database, tables, SLOTS),
        sagas: createPostgresSagas(database, sagas),
        inspection: createPostgresInspection({ service: SERVICE, database, tables, outbox }),
        counters: createCounters(database),
        kill: endRelays,
      }
    }

    return {
      start,
      end: async () => {
        await Promise.all(closers.map((close) => close()))
      },
    }
  }
