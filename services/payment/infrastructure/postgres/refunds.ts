import { and, asc, eq, inArray, lt, type SQL, sql } from 'drizzle-orm'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { RefundRepository } from '../../ports.ts'
import { paymentOf } from './payment-row.ts'
import { changingValuesOf, refundOf } from './refund-row.ts'
import { payments, refunds } from './schema.ts'

const insert = prepareWrite(
  'refund',
  sql`
  insert into ${refunds} (id, payment_id, amount, reason, action_id, status, requested_at, version)
  values (${sql.placeholder('id')}, ${sql.placeholder('paymentId')}, ${sql.placeholder('amount')},
    ${sql.placeholder('reason')}, ${sql.placeholder('actionId')}, 'PENDING', ${sql.placeholder('requestedAt')}, 1)
  on conflict do nothing`,
)

const update = prepareWrite(
  'refund',
  sql`
  update ${refunds} set status = ${sql.placeholder('status')},
    provider_refund_id = ${sql.placeholder('providerRefundId')}, "full" = ${sql.placeholder('full')},
    failure_code = ${sql.placeholder('failureCode')}, settled_at = ${sql.placeholder('settledAt')},
    version = version + 1
  where id = ${sql.placeholder('id')} and version = ${sql.placeholder('version')}`,
)

export const createPostgresRefunds = ({ drizzle: db }: Database): RefundRepository => {
  const where = (condition: SQL | undefined) =>
    db
      .select({ refund: refunds, payment: payments })
      .from(refunds)
      .innerJoin(payments, eq(payments.id, refunds.paymentId))
      .where(condition)
  const byId = where(eq(refunds.id, sql.placeholder('id'))).prepare('refund_by_id')
  const byAction = where(eq(refunds.actionId, sql.placeholder('actionId'))).prepare('refund_by_action')
  const pending = where(and(eq(refunds.status, 'PENDING'), lt(refunds.requestedAt, sql.placeholder('before'))))
    .orderBy(asc(refunds.requestedAt))
    .limit(sql.placeholder('limit'))
    .prepare('refunds_pending')

  return {
    load: async (id) => {
      const [row] = await byId.execute({ id })
      return row && { refund: refundOf(row), payment: paymentOf(row.payment) }
    },
    loadAll: async (ids) => (ids.length === 0 ? [] : (await where(inArray(refunds.id, [...ids]))).map(refundOf)),
    ofAction: async (actionId) => {
      const [row] = await byAction.execute({ actionId })
      return row && refundOf(row)
    },
    pending: async (before, limit) => (await pending.execute({ before, limit })).map(refundOf),
    save: (tx, refund) => {
      const { id, version, state } = refund
      const { paymentId, money, reason, actionId, requestedAt } = state
      if (version === 0)
        postgresOf(tx).write(insert, { id, paymentId, amount: money.amount, reason, actionId, requestedAt })
      else postgresOf(tx).write(update, { ...changingValuesOf(state), id, version })
      tx.raise(refund)
    },
  }
}
