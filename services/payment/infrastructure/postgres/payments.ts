import { and, asc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { PaymentState } from '#domain/payment/payment-state.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { PaymentRepository } from '../../ports.ts'
import { changingValuesOf, paymentOf } from './payment-row.ts'
import { payments } from './schema.ts'

const insert = prepareWrite(
  'payment',
  sql`
  insert into ${payments} (id, purchase_id, kind, ref_id, payer_id, amount, currency, tax, tutor_id, tutor_share,
    status, initiated_at, version)
  values (${sql.placeholder('id')}, ${sql.placeholder('purchaseId')}, ${sql.placeholder('kind')},
    ${sql.placeholder('refId')}, ${sql.placeholder('payerId')}, ${sql.placeholder('amount')},
    ${sql.placeholder('currency')}, ${sql.placeholder('tax')}::text::jsonb, ${sql.placeholder('tutorId')},
    ${sql.placeholder('tutorShare')}, 'INITIATED', ${sql.placeholder('initiatedAt')}, 1)
  on conflict do nothing`,
)

const update = prepareWrite(
  'payment',
  sql`
  update ${payments} set status = ${sql.placeholder('status')}, cancel_reason = ${sql.placeholder('cancelReason')},
    cancel_code = ${sql.placeholder('cancelCode')}, intent_id = ${sql.placeholder('intentId')},
    client_secret = ${sql.placeholder('clientSecret')}, completed_at = ${sql.placeholder('completedAt')},
    refund_pending = ${sql.placeholder('refundPending')}, refunded = ${sql.placeholder('refunded')},
    disputed = ${sql.placeholder('disputed')}, charged_back = ${sql.placeholder('chargedBack')},
    failure_code = ${sql.placeholder('failureCode')}, ended_at = ${sql.placeholder('endedAt')}, version = version + 1
  where id = ${sql.placeholder('id')} and version = ${sql.placeholder('version')}`,
)

const initialValuesOf = ({ id, purchaseId, purchase, payerId, money, shares, initiatedAt }: PaymentState) => ({
  id,
  purchaseId,
  ...purchase,
  payerId,
  ...money,
  tax: shares.tax ? JSON.stringify(shares.tax) : null,
  tutorId: shares.tutor?.tutorId ?? null,
  tutorShare: shares.tutor?.money.amount ?? null,
  initiatedAt,
})

const isUnsettled = sql`${payments.status} in ('INITIATED', 'REQUIRES_ACTION', 'PROCESSING')`

export const createPostgresPayments = ({ drizzle: db }: Database): PaymentRepository => {
  const byId = db
    .select()
    .from(payments)
    .where(eq(payments.id, sql.placeholder('id')))
    .prepare('payment_by_id')
  const byPurchase = db
    .select()
    .from(payments)
    .where(eq(payments.purchaseId, sql.placeholder('purchaseId')))
    .prepare('payment_by_purchase')
  const openOf = db
    .select()
    .from(payments)
    .where(and(eq(payments.payerId, sql.placeholder('payerId')), isUnsettled))
    .prepare('payments_open_of_payer')
  const unsettled = db
    .select({ paymentId: payments.id, status: payments.status })
    .from(payments)
    .where(and(isUnsettled, lt(payments.initiatedAt, sql.placeholder('before'))))
    .orderBy(asc(payments.initiatedAt))
    .limit(sql.placeholder('limit'))
    .prepare('payments_unsettled')

  return {
    load: async (id) => {
      const [row] = await byId.execute({ id })
      return row && paymentOf(row)
    },
    loadAll: async (ids) =>
      ids.length === 0
        ? []
        : (
            await db
              .select()
              .from(payments)
              .where(inArray(payments.id, [...ids]))
          ).map(paymentOf),
    ofPurchase: async (purchaseId) => {
      const [row] = await byPurchase.execute({ purchaseId })
      return row && paymentOf(row)
    },
    openOf: async (payerId) => (await openOf.execute({ payerId })).map(paymentOf),
    unsettled: (before, limit) => unsettled.execute({ before, limit }),
    save: (tx, payment) => {
      const { id, version, state } = payment
      if (version === 0) postgresOf(tx).write(insert, initialValuesOf(state))
      else postgresOf(tx).write(update, { ...changingValuesOf(state), id, version })
      tx.raise(payment)
    },
  }
}
