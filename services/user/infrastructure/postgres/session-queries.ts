import { and, asc, desc, eq, gt, inArray, sql } from 'drizzle-orm'
import { Instant } from '#domain/kernel/clock.ts'
import { SessionId } from '#domain/kernel/ids.ts'
import type { Database } from '#bus/postgres/database.ts'
import { z } from 'zod'
import type { SessionQueries, UnmarkedSessions } from '../../ports.ts'
import { refreshFamilies, users } from './schema.ts'

const MAX_LISTED = 100
const Listed = z.array(z.object({ sessionId: SessionId, startedAt: Instant, expiresAt: Instant }))
const value = sql.placeholder
const { id, userId, status, startedAt, expiresAt, revokedAt, marked } = refreshFamilies

export const createPostgresSessionQueries = ({ drizzle: db }: Database): SessionQueries => {
  const active = db
    .select({ id })
    .from(refreshFamilies)
    .innerJoin(users, and(eq(users.id, userId), eq(users.status, 'ACTIVE')))
    .where(and(eq(id, value('id')), eq(status, 'ACTIVE'), gt(expiresAt, value('now'))))
    .prepare('session_is_active')
  const list = db
    .select({ sessionId: id, startedAt, expiresAt })
    .from(refreshFamilies)
    .where(and(eq(userId, value('userId')), eq(status, 'ACTIVE'), gt(expiresAt, value('now'))))
    .orderBy(desc(id))
    .limit(MAX_LISTED)
    .prepare('session_list')

  return {
    isActive: async (sessionId, now) => (await active.execute({ id: sessionId, now })).length === 1,
    listOf: async (owner, now) => Listed.parse(await list.execute({ userId: owner, now })),
  }
}

export const createPostgresUnmarkedSessions = ({ drizzle: db }: Database): UnmarkedSessions => ({
  list: async (limit) => {
    const rows = await db
      .select({ id })
      .from(refreshFamilies)
      .where(and(eq(status, 'REVOKED'), eq(marked, false)))
      .orderBy(asc(revokedAt))
      .limit(limit)
    return rows.map((row) => SessionId.parse(row.id))
  },
  remove: async (ids) => {
    await db
      .update(refreshFamilies)
      .set({ marked: true })
      .where(inArray(id, [...ids]))
  },
})
