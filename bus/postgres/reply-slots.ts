import { and, eq, sql } from 'drizzle-orm'
import type { ReplySlots } from '../request-reply/sqs-lane/reply-slots.ts'
import type { Database } from './database.ts'
import type { BusTables } from './tables.ts'

/** Leases as rows of the service's schema; `count` is the number of reply queues that the deployment made. */
export const createPostgresReplySlots = (
  { drizzle: db }: Database,
  { replySlots: table }: BusTables,
  count: number,
): ReplySlots => {
  const free = sql`(select ${table.slot} from ${table}
    where ${table.until} <= ${sql.placeholder('now')}::timestamptz and ${table.slot} < ${count}
    order by ${table.slot} limit 1 for update skip locked)`
  const take = db
    .update(table)
    .set({ epoch: sql`${table.epoch} + 1`, until: sql`${sql.placeholder('until')}::timestamptz` })
    .where(sql`${table.slot} = ${free}`)
    .returning({ slot: table.slot, epoch: table.epoch })
    .prepare('reply_slot_take')
  /** The rows are made where they are first needed: their number is the deployment's, not the schema's. */
  const addMissing = () =>
    db.execute(sql`insert into ${table} (slot, epoch, until)
      select slot, 0, '-infinity' from generate_series(0, ${count - 1}::int) as slot on conflict do nothing`)

  return {
    take: async (now, until) => {
      const [taken] = await take.execute({ now, until })
      if (taken) return taken
      await addMissing()
      return (await take.execute({ now, until }))[0]
    },
    renew: async ({ slot, epoch }, until) => {
      const rows = await db
        .update(table)
        .set({ until })
        .where(and(eq(table.slot, slot), eq(table.epoch, epoch)))
        .returning({ slot: table.slot })
      return rows.length > 0
    },
    release: async ({ slot, epoch }, now) => {
      await db
        .update(table)
        .set({ until: now })
        .where(and(eq(table.slot, slot), eq(table.epoch, epoch)))
    },
  }
}
