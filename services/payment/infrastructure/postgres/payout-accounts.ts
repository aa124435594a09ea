import { asc, eq, type InferSelectModel, lte, sql } from 'drizzle-orm'
import { PayoutAccount } from '#domain/payment/payout-account.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { PayoutAccountRepository } from '../../ports.ts'
import { payoutAccounts } from './schema.ts'

const value = sql.placeholder

const insert = prepareWrite(
  'payout account',
  sql`insert into ${payoutAccounts} (tutor_id, account_id, next_payout_at, leaving, version)
    values (${value('id')}, ${value('accountId')}, ${value('nextPayoutAt')}, ${value('leaving')}, 1)
    on conflict do nothing`,
)

const update = prepareWrite(
  'payout account',
  sql`update ${payoutAccounts} set account_id = ${value('accountId')}, next_payout_at = ${value('nextPayoutAt')},
      leaving = ${value('leaving')}, version = version + 1
    where tutor_id = ${value('id')} and version = ${value('version')}`,
)

const remove = prepareWrite(
  'payout account',
  sql`delete from ${payoutAccounts} where tutor_id = ${value('id')} and version = ${value('version')}`,
)

const accountOf = ({ tutorId: id, version, ...state }: InferSelectModel<typeof payoutAccounts>): PayoutAccount =>
  PayoutAccount.restore({ id, ...state }, version)

export const createPostgresPayoutAccounts = ({ drizzle: db }: Database): PayoutAccountRepository => {
  const byTutor = db
    .select()
    .from(payoutAccounts)
    .where(eq(payoutAccounts.tutorId, value('tutorId')))
    .prepare('payout_account')
  const due = db
    .select({ tutorId: payoutAccounts.tutorId })
    .from(payoutAccounts)
    .where(lte(payoutAccounts.nextPayoutAt, value('at')))
    .orderBy(asc(payoutAccounts.nextPayoutAt))
    .limit(value('limit'))
    .prepare('payout_accounts_due')
  return {
    load: async (tutorId) => (await byTutor.execute({ tutorId })).map(accountOf)[0],
    due: async (at, limit) => (await due.execute({ at, limit })).map(({ tutorId }) => tutorId),
    save: (tx, account) => {
      const { state, version } = account
      if (version === 0) postgresOf(tx).write(insert, { ...state })
      else postgresOf(tx).write(update, { ...state, version })
      tx.raise(account)
    },
    remove: (tx, { id, version }) => postgresOf(tx).write(remove, { id, version }),
  }
}
