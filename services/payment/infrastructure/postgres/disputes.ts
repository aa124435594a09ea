import { and, asc, eq, inArray, lt, type SQL, sql } from 'drizzle-orm'
import { Dispute, type DisputeState } from '#domain/payment/dispute.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { DisputeRepository } from '../../ports.ts'
import { factsOf } from './payment-row.ts'
import { present } from './present.ts'
import { disputes, payments } from './schema.ts'

const insert = prepareWrite(
  'dispute',
  sql`
  insert into ${disputes} (id, payment_id, amount, currency, reason, status, opened_at, closed_at, version)
  values (${sql.placeholder('id')}, ${sql.placeholder('paymentId')}, ${sql.placeholder('amount')},
    ${sql.placeholder('currency')}, ${sql.placeholder('reason')}, ${sql.placeholder('status')},
    ${sql.placeholder('openedAt')}, ${sql.placeholder('closedAt')}, 1)
  on conflict do nothing`,
)

const update = prepareWrite(
  'dispute',
  sql`
  update ${disputes} set status = ${sql.placeholder('status')}, closed_at = ${sql.placeholder('closedAt')},
    version = version + 1
  where id = ${sql.placeholder('id')} and version = ${sql.placeholder('version')}`,
)

interface DisputeRow {
  readonly dispute: typeof disputes.$inferSelect
  readonly payment: typeof payments.$inferSelect
}

const stateOf = ({ dispute, payment }: DisputeRow): DisputeState => {
  const { id, paymentId, amount, currency, reason, status, openedAt, closedAt } = dispute
  const { purchase, payerId } = factsOf(payment)
  const facts = { id, paymentId, purchase, payerId, money: { amount, currency }, reason, openedAt }
  return status === 'OPEN' ? { ...facts, status } : { ...facts, status, closedAt: present(closedAt) }
}

const disputeOf = (row: DisputeRow): Dispute => Dispute.restore(stateOf(row), row.dispute.version)

export const createPostgresDisputes = ({ drizzle: db }: Database): DisputeRepository => {
  const where = (condition: SQL | undefined) =>
    db
      .select({ dispute: disputes, payment: payments })
      .from(disputes)
      .innerJoin(payments, eq(payments.id, disputes.paymentId))
      .where(condition)
  const byId = where(eq(disputes.id, sql.placeholder('id'))).prepare('dispute_by_id')
  const open = db
    .select({ id: disputes.id })
    .from(disputes)
    .where(and(eq(disputes.status, 'OPEN'), lt(disputes.openedAt, sql.placeholder('before'))))
    .orderBy(asc(disputes.openedAt))
    .limit(sql.placeholder('limit'))
    .prepare('disputes_open')

  return {
    load: async (id) => {
      const [row] = await byId.execute({ id })
      return row && disputeOf(row)
    },
    loadAll: async (ids) => (ids.length === 0 ? [] : (await where(inArray(disputes.id, [...ids]))).map(disputeOf)),
    open: async (before, limit) => (await open.execute({ before, limit })).map(({ id }) => id),
    save: (tx, dispute) => {
      const { id, version, state } = dispute
      const { status } = state
      const closedAt = state.status === 'OPEN' ? null : state.closedAt
      if (version === 0) {
        const { paymentId, money, reason, openedAt } = state
        postgresOf(tx).write(insert, { id, paymentId, ...money, reason, status, openedAt, closedAt })
      } else postgresOf(tx).write(update, { id, version, status, closedAt })
      tx.raise(dispute)
    },
  }
}
