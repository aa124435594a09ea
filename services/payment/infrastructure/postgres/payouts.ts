import { and, asc, eq, inArray, type InferSelectModel, lt, sql } from 'drizzle-orm'
import { Payout, type PayoutState } from '#domain/payment/payout.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { PayoutRepository } from '../../ports.ts'
import { present } from './present.ts'
import { payouts } from './schema.ts'

const value = sql.placeholder

const insert = prepareWrite(
  'payout',
  sql`insert into ${payouts} (id, tutor_id, account_id, amount, currency, status, scheduled_at, reversed, version)
    values (${value('id')}, ${value('tutorId')}, ${value('accountId')}, ${value('amount')}, ${value('currency')},
      'SCHEDULED', ${value('scheduledAt')}, 0, 1)
    on conflict do nothing`,
)

const update = prepareWrite(
  'payout',
  sql`update ${payouts} set status = ${value('status')}, transfer_id = ${value('transferId')},
      reversed = ${value('reversed')}, failure_code = ${value('code')}, settled_at = ${value('settledAt')},
      version = version + 1
    where id = ${value('id')} and version = ${value('version')}`,
)

const stateOf = (row: InferSelectModel<typeof payouts>): PayoutState => {
  const { id, tutorId, accountId, amount, currency, status, scheduledAt } = row
  const facts = { id, tutorId, accountId, money: { amount, currency }, scheduledAt }
  switch (status) {
    case 'SCHEDULED':
      return { ...facts, status }
    case 'SENT': {
      const [transferId, sentAt] = [present(row.transferId), present(row.settledAt)]
      return { ...facts, status, transferId, reversed: { amount: row.reversed, currency }, sentAt }
    }
    case 'FAILED':
      return { ...facts, status, code: present(row.failureCode), failedAt: present(row.settledAt) }
  }
}

const payoutOf = (row: InferSelectModel<typeof payouts>): Payout => Payout.restore(stateOf(row), row.version)

/** What changes after the first save. */
const changingValuesOf = (state: PayoutState) => {
  const { status } = state
  const nothing = { status, transferId: null, reversed: 0, code: null, settledAt: null }
  switch (status) {
    case 'SCHEDULED':
      return nothing
    case 'SENT':
      return { ...nothing, transferId: state.transferId, reversed: state.reversed.amount, settledAt: state.sentAt }
    case 'FAILED':
      return { ...nothing, code: state.code, settledAt: state.failedAt }
  }
}

export const createPostgresPayouts = ({ drizzle: db }: Database): PayoutRepository => {
  const byId = db
    .select()
    .from(payouts)
    .where(eq(payouts.id, value('id')))
    .prepare('payout_by_id')
  const unsent = db
    .select({ id: payouts.id })
    .from(payouts)
    .where(and(eq(payouts.status, 'SCHEDULED'), lt(payouts.scheduledAt, value('before'))))
    .orderBy(asc(payouts.scheduledAt))
    .limit(value('limit'))
    .prepare('payouts_unsent')
  return {
    load: async (id) => (await byId.execute({ id })).map(payoutOf)[0],
    loadAll: async (ids) =>
      ids.length === 0
        ? []
        : (
            await db
              .select()
              .from(payouts)
              .where(inArray(payouts.id, [...ids]))
          ).map(payoutOf),
    unsent: async (before, limit) => (await unsent.execute({ before, limit })).map(({ id }) => id),
    save: (tx, payout) => {
      const { id, state, version } = payout
      const { tutorId, accountId, money, scheduledAt } = state
      if (version === 0) postgresOf(tx).write(insert, { id, tutorId, accountId, ...money, scheduledAt })
      else postgresOf(tx).write(update, { ...changingValuesOf(state), id, version })
      tx.raise(payout)
    },
  }
}
