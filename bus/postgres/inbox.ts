import { and, eq, lt, sql } from 'drizzle-orm'
import type { Inbox } from '../inbox/inbox.ts'
import type { Database } from './database.ts'
import { BATCH_ROWS, inBatches } from './in-batches.ts'
import type { BusTables } from './tables.ts'

export const createPostgresInbox = ({ drizzle: db }: Database, { inbox }: BusTables): Inbox => {
  const replyOf = db
    .select({ reply: inbox.reply })
    .from(inbox)
    .where(and(eq(inbox.consumer, sql.placeholder('consumer')), eq(inbox.id, sql.placeholder('id'))))
    .prepare('inbox_reply')
  return {
    storedReply: async (consumer, id) => (await replyOf.execute({ consumer, id }))[0]?.reply,
    prune: (before) =>
      inBatches(async () => {
        const old = db.select({ row: sql`ctid` }).from(inbox).where(lt(inbox.receivedAt, before)).limit(BATCH_ROWS)
        const gone = await db.delete(inbox).where(sql`ctid = any(array(${old}))`).returning({ id: inbox.id })
        return gone.length
      }),
  }
}
