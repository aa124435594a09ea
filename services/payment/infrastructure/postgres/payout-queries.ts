import { and, desc, eq, lt, sql } from 'drizzle-orm'
import type { Database } from '#bus/postgres/database.ts'
import type { PayoutQueries } from '../../ports.ts'
import type { PayoutView } from '../../views.ts'
import { payouts } from './schema.ts'

const viewOf = (row: typeof payouts.$inferSelect): PayoutView => {
  const { id: payoutId, tutorId, accountId, amount, currency, status, reversed, scheduledAt } = row
  const code = row.failureCode ?? undefined
  const settledAt = row.settledAt ?? undefined
  const money = { amount, currency }
  return {
    payoutId,
    tutorId,
    accountId,
    money,
    status,
    reversed: { amount: reversed, currency },
    code,
    scheduledAt,
    settledAt,
  }
}

export const createPostgresPayoutQueries = ({ drizzle: db }: Database): PayoutQueries => ({
  list: async ({ tutorId, status }, after, limit) => {
    const rows = await db
      .select()
      .from(payouts)
      .where(
        and(
          tutorId && eq(payouts.tutorId, tutorId),
          status && eq(payouts.status, status),
          after === undefined ? undefined : lt(payouts.id, sql`${after}`),
        ),
      )
      .orderBy(desc(payouts.id))
      .limit(limit)
    return rows.map(viewOf)
  },
})
