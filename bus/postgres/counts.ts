import { sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import type { BusTables, SagaTables } from './tables.ts'

/** Instances by type and status, for metrics. */
export const countSagas = ({ drizzle: db }: Database, { saga }: SagaTables) =>
  db
    .select({ type: saga.type, status: saga.status, count: sql<number>`count(*)::int` })
    .from(saga)
    .groupBy(saga.type, saga.status)

/** Messages that were given up, for metrics. */
export const countDeadLetters = async ({ drizzle: db }: Database, { deadLetters }: BusTables): Promise<number> => {
  const [row] = await db.select({ count: sql<number>`count(*)::int` }).from(deadLetters)
  return row?.count ?? 0
}
