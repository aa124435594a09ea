import { lt } from 'drizzle-orm'
import type { Database } from '#bus/postgres/database.ts'
import type { ExpiredRows } from '../../ports.ts'
import { devMailbox, oneTimeTokens, refreshFamilies } from './schema.ts'

export const createPostgresExpiredRows = ({ drizzle: db }: Database): ExpiredRows => ({
  purge: async (before) => {
    await db.delete(refreshFamilies).where(lt(refreshFamilies.expiresAt, before))
    await db.delete(oneTimeTokens).where(lt(oneTimeTokens.expiresAt, before))
    await db.delete(devMailbox).where(lt(devMailbox.sentAt, before))
  },
})
