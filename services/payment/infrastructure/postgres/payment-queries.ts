import { and, desc, eq, lt, sql } from 'drizzle-orm'
import { PersonalData } from '#domain/kernel/personal-data.ts'
import { listsAsJson } from '#services/kit/postgres/lists-as-json.ts'
import type { Database } from '#bus/postgres/database.ts'
import type { PaymentQueries, PaymentRecord } from '../../ports.ts'
import type { DisputeView, RefundView } from '../../views.ts'
import { factsOf } from './payment-row.ts'
import type { RefundRow } from './refund-row.ts'
import {
  couponRedemptions,
  disputes,
  invoices,
  ledgerEntries,
  ledgerTransactions,
  payments,
  payoutAccounts,
  payouts,
  purchases,
  reconciliations,
  refunds,
} from './schema.ts'

const recordOf = (row: typeof payments.$inferSelect): PaymentRecord => {
  const { id: paymentId, purchase, payerId, money, initiatedAt } = factsOf(row)
  const canBePaid = row.status === 'REQUIRES_ACTION' && row.cancelReason === null
  return {
    paymentId,
    purchase,
    payerId,
    money,
    refunded: { amount: row.refunded, currency: row.currency },
    disputed: { amount: row.disputed, currency: row.currency },
    chargedBack: { amount: row.chargedBack, currency: row.currency },
    status: row.status,
    clientSecret: canBePaid ? row.clientSecret : null,
    code: row.failureCode ?? undefined,
    initiatedAt,
    completedAt: row.completedAt ?? undefined,
    endedAt: row.endedAt ?? undefined,
    version: row.version,
  }
}

const refundViewOf = ({ refund, payment }: RefundRow): RefundView => ({
  refundId: refund.id,
  paymentId: refund.paymentId,
  money: { amount: refund.amount, currency: payment.currency },
  reason: refund.reason,
  status: refund.status,
  code: refund.failureCode ?? undefined,
  requestedAt: refund.requestedAt,
  settledAt: refund.settledAt ?? undefined,
  version: refund.version,
})

const disputeViewOf = (row: typeof disputes.$inferSelect, payment: typeof payments.$inferSelect): DisputeView => {
  const { id: disputeId, paymentId, amount, currency, reason, status, openedAt, closedAt } = row
  const { purchase, payerId } = factsOf(payment)
  const money = { amount, currency }
  return { disputeId, paymentId, purchase, payerId, money, reason, status, openedAt, closedAt: closedAt ?? undefined }
}

const ofPayer = sql`select id from ${payments} where payer_id = ${sql.placeholder('payerId')}`

const everything = listsAsJson({
  purchases: sql`select id, kind, ref_id, lines, discount, total_amount, currency, created_at from ${purchases} where payer_id = ${sql.placeholder('payerId')} order by id`,
  payments: sql`select id, purchase_id, kind, ref_id, amount, currency, status, initiated_at, completed_at,
    ended_at, refunded, disputed, charged_back from ${payments} where id in (${ofPayer}) order by id`,
  invoices: sql`select * from ${invoices} where payer_id = ${sql.placeholder('payerId')} order by id`,
  refunds: sql`select * from ${refunds} where payment_id in (${ofPayer}) order by id`,
  couponUses: sql`select * from ${couponRedemptions} where payer_id = ${sql.placeholder('payerId')}`,
  disputes: sql`select * from ${disputes} where payment_id in (${ofPayer}) order by id`,
  payoutAccounts: sql`select * from ${payoutAccounts} where tutor_id = ${sql.placeholder('payerId')}`,
  payouts: sql`select * from ${payouts} where tutor_id = ${sql.placeholder('payerId')} order by id`,
})

export const createPostgresPaymentQueries = ({ drizzle: db }: Database): PaymentQueries => {
  const byId = db
    .select()
    .from(payments)
    .where(eq(payments.id, sql.placeholder('id')))
    .prepare('payment_view')
  const refundById = db
    .select({ refund: refunds, payment: payments })
    .from(refunds)
    .innerJoin(payments, eq(payments.id, refunds.paymentId))
    .where(eq(refunds.id, sql.placeholder('id')))
    .prepare('refund_view')
  const copy = db.select({ data: everything }).from(sql`(select 1) as one`).prepare('copy_of_payer')
  return {
    payment: async (id) => {
      const [row] = await byId.execute({ id })
      return row && recordOf(row)
    },
    ofPayer: async (payerId, after, limit) => {
      const olderThan = after === undefined ? undefined : sql`${payments.id} < ${after}`
      const rows = await db
        .select()
        .from(payments)
        .where(and(eq(payments.payerId, payerId), olderThan))
        .orderBy(desc(payments.id))
        .limit(limit)
      return rows.map(recordOf)
    },
    refund: async (id) => {
      const [row] = await refundById.execute({ id })
      return row && { payerId: row.payment.payerId, refund: refundViewOf(row) }
    },
    disputes: async (status, after, limit) => {
      const ofStatus = status === undefined ? undefined : eq(disputes.status, status)
      const older =
        after && sql`(${disputes.openedAt}, ${disputes.id}) < (${after.openedAt}::timestamptz, ${after.disputeId})`
      const rows = await db
        .select({ dispute: disputes, payment: payments })
        .from(disputes)
        .innerJoin(payments, eq(payments.id, disputes.paymentId))
        .where(and(ofStatus, older))
        .orderBy(desc(disputes.openedAt), desc(disputes.id))
        .limit(limit)
      return rows.map(({ dispute, payment }) => disputeViewOf(dispute, payment))
    },
    ledger: (account, after, limit) =>
      db
        .select({
          seq: ledgerEntries.seq,
          reference: ledgerEntries.reference,
          at: ledgerTransactions.at,
          account: ledgerEntries.account,
          amount: ledgerEntries.amount,
          currency: ledgerEntries.currency,
        })
        .from(ledgerEntries)
        .innerJoin(ledgerTransactions, eq(ledgerTransactions.reference, ledgerEntries.reference))
        .where(and(eq(ledgerEntries.account, account), after === undefined ? undefined : lt(ledgerEntries.seq, after)))
        .orderBy(desc(ledgerEntries.seq))
        .limit(limit),
    copyOf: async (payerId) => PersonalData.parse((await copy.execute({ payerId }))[0]?.data),
    reconciliation: async (id) => {
      const [row] = await db.select().from(reconciliations).where(eq(reconciliations.id, id))
      if (!row) return undefined
      const { id: reconciliationId, finishedAt, ...rest } = row
      const status = finishedAt === null ? 'RUNNING' : 'FINISHED'
      return { ...rest, reconciliationId, status, finishedAt: finishedAt ?? undefined }
    },
  }
}
