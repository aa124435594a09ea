import { asc, desc, gt, sql } from 'drizzle-orm'
import type { BusInspection } from '../inspection/inspection.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Database } from './database.ts'
import { relayLockOf } from './outbox.ts'
import type { BusTables } from './tables.ts'

export interface PostgresInspectionOptions {
  readonly service: string
  readonly database: Database
  readonly tables: BusTables
  readonly outbox: Pick<Outbox, 'backlog'>
}

/** What the service's schema and the server's locks say; it reads and changes nothing. */
export const createPostgresInspection = (options: PostgresInspectionOptions): BusInspection => {
  const { service, database, tables, outbox } = options
  const { drizzle: db } = database
  const { heldKeys, replySlots } = tables
  const session = sql<number>`pid`
  const shards = sql<number>`count(*)::int`
  return {
    backlog: outbox.backlog,
    heldKeys: (limit) => db.select().from(heldKeys).orderBy(desc(heldKeys.attempts), asc(heldKeys.key)).limit(limit),
    // The locks of sessions are visible to every role; objsubid 2 marks those with two keys.
    relays: () =>
      db
        .select({ session, shards })
        .from(sql`pg_locks`)
        .where(
          sql`locktype = 'advisory' and granted and objsubid = 2 and classid = hashtext(${relayLockOf(service)})::oid
            and database = (select oid from pg_database where datname = current_database())`,
        )
        .groupBy(session)
        .orderBy(desc(shards)),
    // A slot that was never leased has a row only because another was.
    replySlots: () => db.select().from(replySlots).where(gt(replySlots.epoch, 0)).orderBy(asc(replySlots.slot)),
  }
}
