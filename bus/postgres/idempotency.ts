import { and, eq, lt, sql } from 'drizzle-orm'
import type { Clock } from '#domain/kernel/clock.ts'
import { IdempotencyKeyReused, RequestInFlight } from '../cqrs/errors.ts'
import { decodeAnswer, encodeOutput, encodeRefusal, fingerprintOf, scopeOf } from '../idempotency/answer.ts'
import type { IdempotencyRecords } from '../idempotency/idempotency.ts'
import type { Database } from './database.ts'
import { BATCH_ROWS, inBatches } from './in-batches.ts'
import { type PostgresStore, postgresOf } from './store.ts'
import type { BusTables } from './tables.ts'

export interface PostgresIdempotency extends IdempotencyRecords {
  /** Removes answers given before `before`. */
  prune(before: string): Promise<number>
}

/**
 * Answers by idempotency key. "In flight" is known within the process; between processes the primary key settles the
 * race at the flush, where the loser rolls back and replays the winner's answer.
 */
export const createPostgresIdempotency = (
  { drizzle: db }: Database,
  { idempotencyKeys: table }: BusTables,
  store: PostgresStore,
  clock: Clock,
): PostgresIdempotency => {
  const find = db
    .select({ fingerprint: table.fingerprint, answer: table.answer })
    .from(table)
    .where(and(eq(table.scope, sql.placeholder('scope')), eq(table.key, sql.placeholder('key'))))
    .prepare('idempotency_find')
  const inFlight = new Set<string>()

  return {
    open: async (definition, key, actor, input) => {
      const scope = scopeOf(definition, actor)
      const flight = `${scope}/${key}`
      if (inFlight.has(flight)) throw RequestInFlight()
      inFlight.add(flight)
      try {
        const fingerprint = fingerprintOf(input)
        const [record] = await find.execute({ scope, key })
        if (record && record.fingerprint !== fingerprint) throw IdempotencyKeyReused()
        const write = (tx: ReturnType<typeof postgresOf>, answer: string) =>
          tx.writeFirst(store.idempotencyWrite, { scope, key, fingerprint, answer, createdAt: tx.now })
        return {
          stored: record && (() => decodeAnswer(record.answer)),
          record: (tx, output) => write(postgresOf(tx), encodeOutput(output)),
          recordRefusal: async (error, origin) => {
            const answer = encodeRefusal(error)
            if (answer === undefined) return
            const tx = store.begin(clock.now(), origin)
            write(postgresOf(tx), answer)
            await store.flush(tx)
          },
          close: () => inFlight.delete(flight),
        }
      } catch (error) {
        inFlight.delete(flight)
        throw error
      }
    },
    prune: (before) =>
      inBatches(async () => {
        const old = db.select({ row: sql`ctid` }).from(table).where(lt(table.createdAt, before)).limit(BATCH_ROWS)
        const gone = await db.delete(table).where(sql`ctid = any(array(${old}))`).returning({ key: table.key })
        return gone.length
      }),
  }
}
