import { and, eq, sql } from 'drizzle-orm'
import { Purchase, type PurchaseState } from '#domain/payment/purchase.ts'
import { PurchaseRef } from '#domain/payment/values.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { PurchaseRepository } from '../../ports.ts'
import { present } from './present.ts'
import { purchases } from './schema.ts'

const insert = prepareWrite(
  'purchase',
  sql`
  insert into ${purchases}
    (id, kind, ref_id, status, payer_id, lines, discount, shares, total_amount, currency, action_id, created_at)
  values (${sql.placeholder('id')}, ${sql.placeholder('kind')}, ${sql.placeholder('refId')},
    ${sql.placeholder('status')}, ${sql.placeholder('payerId')}, ${sql.placeholder('lines')}::text::jsonb,
    ${sql.placeholder('discount')}::text::jsonb, ${sql.placeholder('shares')}::text::jsonb,
    ${sql.placeholder('totalAmount')}, ${sql.placeholder('currency')}, ${sql.placeholder('actionId')},
    ${sql.placeholder('createdAt')})
  on conflict do nothing`,
)

const stateOf = (row: typeof purchases.$inferSelect): PurchaseState => {
  const { id, createdAt } = row
  const ref = PurchaseRef.parse({ kind: row.kind, refId: row.refId })
  if (row.status === 'CANCELLED')
    return { id, ref, status: 'CANCELLED', actionId: present(row.actionId), cancelledAt: createdAt }
  const total = { amount: present(row.totalAmount), currency: present(row.currency) }
  return {
    id,
    ref,
    status: 'OPEN',
    payerId: present(row.payerId),
    lines: present(row.lines),
    discount: row.discount ?? undefined,
    total,
    shares: { tax: row.shares?.tax, tutor: row.shares?.tutor },
    openedAt: createdAt,
  }
}

const valuesOf = (state: PurchaseState) => {
  const { id, ref, status } = state
  const facts = {
    id,
    status,
    ...ref,
    payerId: null,
    lines: null,
    discount: null,
    shares: null,
    totalAmount: null,
    currency: null,
    actionId: null,
  }
  if (state.status === 'CANCELLED') return { ...facts, actionId: state.actionId, createdAt: state.cancelledAt }
  const { payerId, total, openedAt } = state
  const lines = JSON.stringify(state.lines)
  const discount = state.discount ? JSON.stringify(state.discount) : null
  return {
    ...facts,
    payerId,
    lines,
    discount,
    shares: JSON.stringify(state.shares),
    totalAmount: total.amount,
    currency: total.currency,
    createdAt: openedAt,
  }
}

export const createPostgresPurchases = ({ drizzle: db }: Database): PurchaseRepository => {
  const find = db
    .select()
    .from(purchases)
    .where(and(eq(purchases.kind, sql.placeholder('kind')), eq(purchases.refId, sql.placeholder('refId'))))
    .prepare('purchase_find')
  return {
    find: async (ref) => {
      const [row] = await find.execute(ref)
      return row && Purchase.restore(stateOf(row), 1)
    },
    save: (tx, purchase) => {
      postgresOf(tx).write(insert, valuesOf(purchase.state))
      tx.raise(purchase)
    },
  }
}
