import { and, eq, lt, sql } from 'drizzle-orm'
import type { Inbox } from '../inbox/inbox.ts'
import type { Database } from './database.ts'
import type { BusTables } from './tables.ts'

export const createPostgresInbox = ({ drizzle: db }: Database, { inbox }: BusTables): Inbox => {
  const replyOf = db
    .select({ reply: inbox.reply })
    .from(inbox)
    .where(and(eq(inbox.consumer, sql.placeholder('consumer')), eq(inbox.id, sql.placeholder('id'))))
    .prepare('inbox_reply')
  return {
    storedReply: async (consumer, id) => (await replyOf.execute({ consumer, id }))[0]?.reply,
    prune: async (before) =>
      (await db.delete(inbox).where(lt(inbox.receivedAt, before)).returning({ id: inbox.id })).length,
  }
}
