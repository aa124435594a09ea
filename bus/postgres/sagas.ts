import { and, asc, desc, eq, lt, lte, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { JournalEntry, nextDue, SagaInstance } from '../sagas/instance.ts'
import { dueTimers, type SagaFilter, type SagaStore, type SagaSummary } from '../sagas/store.ts'
import type { Database } from './database.ts'
import { BATCH_ROWS, inBatches } from './in-batches.ts'
import { postgresOf } from './store.ts'
import type { SagaTables } from './tables.ts'
import { prepareWrite } from './write.ts'

const Summary = z.object({
  type: z.string(),
  key: z.string(),
  status: SagaInstance.shape.status,
  step: z.string(),
  startedAt: z.string(),
  updatedAt: z.string(),
}) satisfies z.ZodType<SagaSummary>

/** No more than a sweep needs: an instance that cannot be read as a whole must not hide the others. */
const Timers = SagaInstance.pick({ timers: true, armedIn: true })

export const createPostgresSagas = ({ drizzle: db }: Database, { saga, sagaJournal }: SagaTables): SagaStore => {
  const load = db
    .select({ version: saga.version, instance: saga.instance })
    .from(saga)
    .where(and(eq(saga.type, sql.placeholder('type')), eq(saga.key, sql.placeholder('key'))))
    .prepare('saga_load')
  const insert = prepareWrite(
    'saga',
    sql`
    insert into ${saga} (type, key, version, status, step, instance, due_at, started_at, updated_at)
    values (${sql.placeholder('type')}, ${sql.placeholder('key')}, 1, ${sql.placeholder('status')},
      ${sql.placeholder('step')}, ${sql.placeholder('instance')}::text::jsonb, ${sql.placeholder('dueAt')},
      ${sql.placeholder('now')}, ${sql.placeholder('now')})
    on conflict do nothing`,
  )
  const update = prepareWrite(
    'saga',
    sql`
    update ${saga} set version = version + 1, status = ${sql.placeholder('status')}, step = ${sql.placeholder('step')},
      instance = ${sql.placeholder('instance')}::text::jsonb, due_at = ${sql.placeholder('dueAt')},
      updated_at = ${sql.placeholder('now')}
    where type = ${sql.placeholder('type')} and key = ${sql.placeholder('key')}
      and version = ${sql.placeholder('version')}`,
  )
  const journal = prepareWrite(
    'saga journal',
    sql`
    insert into ${sagaJournal}
      (type, key, n, at, message, message_id, from_step, to_step, status, outputs, error, correlation_id)
    values (${sql.placeholder('type')}, ${sql.placeholder('key')}, ${sql.placeholder('n')}, ${sql.placeholder('at')},
      ${sql.placeholder('message')}, ${sql.placeholder('messageId')}, ${sql.placeholder('fromStep')},
      ${sql.placeholder('toStep')}, ${sql.placeholder('status')}, ${sql.placeholder('outputs')}::text::jsonb,
      ${sql.placeholder('error')}, ${sql.placeholder('correlationId')})
    on conflict do nothing`,
  )
  const due = db
    .select({ type: saga.type, key: saga.key, instance: saga.instance })
    .from(saga)
    .where(lte(saga.dueAt, sql.placeholder('now')))
    .orderBy(asc(saga.dueAt))
    .limit(sql.placeholder('limit'))
    .prepare('saga_due')

  return {
    load: async (type, key) => {
      const [row] = await load.execute({ type, key })
      return row && { version: row.version, instance: SagaInstance.parse(row.instance) }
    },
    save: (tx, { instance, version, entry }) => {
      const unit = postgresOf(tx)
      const { type, key, status, step } = instance
      const row = { type, key, status, step, version, instance: JSON.stringify(instance), dueAt: nextDue(instance) }
      unit.write(version === 0 ? insert : update, { ...row, now: unit.now })
      const line = { ...entry, outputs: JSON.stringify(entry.outputs), error: entry.error ?? null }
      unit.write(journal, { ...line, type, key, n: version + 1 })
    },
    due: async (now, limit) => {
      const rows = await due.execute({ now, limit })
      return rows.flatMap(({ type, key, instance }) => dueTimers({ type, key, ...Timers.parse(instance) }, now))
    },
    list: async (filter) => {
      const rows = await db
        .select({
          type: saga.type,
          key: saga.key,
          status: saga.status,
          step: saga.step,
          startedAt: saga.startedAt,
          updatedAt: saga.updatedAt,
        })
        .from(saga)
        .where(and(...conditions(saga, filter)))
        .orderBy(desc(saga.updatedAt), desc(saga.type), desc(saga.key))
        .limit(filter.limit)
      return rows.map((row) => Summary.parse(row))
    },
    journal: async (type, key) => {
      const rows = await db
        .select()
        .from(sagaJournal)
        .where(and(eq(sagaJournal.type, type), eq(sagaJournal.key, key)))
        .orderBy(asc(sagaJournal.n))
      return rows.map(({ error, ...row }) => JournalEntry.parse({ ...row, error: error ?? undefined }))
    },
    prune: (before) =>
      inBatches(async () => {
        const ended = sql`${saga.status} in ('completed', 'compensated', 'cancelled', 'failed')`
        const old = db
          .select({ type: saga.type, key: saga.key })
          .from(saga)
          .where(and(ended, lt(saga.updatedAt, before)))
          .limit(BATCH_ROWS)
        const gone = await db.execute(sql`
          with old as (${old}),
            journals as (delete from ${sagaJournal} using old
              where ${sagaJournal.type} = old.type and ${sagaJournal.key} = old.key)
          delete from ${saga} using old where ${saga.type} = old.type and ${saga.key} = old.key returning 1`)
        return gone.length
      }),
  }
}

const conditions = (saga: SagaTables['saga'], { type, status, updatedBefore, after }: SagaFilter): SQL[] => [
  ...(type === undefined ? [] : [eq(saga.type, type)]),
  ...(status === undefined ? [] : [eq(saga.status, status)]),
  ...(updatedBefore === undefined ? [] : [lt(saga.updatedAt, updatedBefore)]),
  ...(after === undefined
    ? []
    : [sql`(${saga.updatedAt}, ${saga.type}, ${saga.key}) < (${after.updatedAt}, ${after.type}, ${after.key})`]),
]
