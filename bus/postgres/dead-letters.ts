import { asc, eq, gt, sql } from 'drizzle-orm'
import type { DeadLetters } from '../dead-letters/dead-letters.ts'
import type { Database } from './database.ts'
import type { BusTables } from './tables.ts'

/** Ids are UUIDv7, so that their order is the order of failing. */
export const createPostgresDeadLetters = (
  { drizzle: db }: Database,
  { deadLetters: table }: BusTables,
): DeadLetters => ({
  add: async (letter) => {
    await db.insert(table).values(letter)
  },
  list: (after, limit) =>
    db
      .select()
      .from(table)
      .where(after === undefined ? sql`true` : gt(table.id, after))
      .orderBy(asc(table.id))
      .limit(limit),
  find: async (id) => (await db.select().from(table).where(eq(table.id, id)))[0],
  remove: async (id) => (await db.delete(table).where(eq(table.id, id)).returning({ id: table.id })).length > 0,
})
