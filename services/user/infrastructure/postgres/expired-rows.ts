import { lt, sql } from 'drizzle-orm'
import { BATCH_ROWS, inBatches } from '#bus/postgres/in-batches.ts'
import type { Database } from '#bus/postgres/database.ts'
import type { ExpiredRows } from '../../ports.ts'
import { dataExports, devMailbox, oneTimeTokens, refreshFamilies } from './schema.ts'

const PLACES = [
  { table: refreshFamilies, since: refreshFamilies.expiresAt, id: refreshFamilies.id },
  { table: oneTimeTokens, since: oneTimeTokens.expiresAt, id: oneTimeTokens.id },
  // A copy is kept for the week in which it can be read, and no longer.
  { table: dataExports, since: dataExports.readyAt, id: dataExports.id },
  { table: devMailbox, since: devMailbox.sentAt, id: devMailbox.id },
] as const

export const createPostgresExpiredRows = ({ drizzle: db }: Database): ExpiredRows => ({
  purge: async (before) => {
    for (const { table, since, id } of PLACES)
      await inBatches(async () => {
        const old = db.select({ id }).from(table).where(lt(since, before)).limit(BATCH_ROWS)
        return (await db.delete(table).where(sql`${id} = any(array(${old}))`).returning({ id })).length
      })
  },
})
