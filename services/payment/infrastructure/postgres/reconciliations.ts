import { asc, desc, isNotNull, sql } from 'drizzle-orm'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { Reconciliations } from '../../ports.ts'
import { payments, reconciliations } from './schema.ts'

const start = prepareWrite(
  'reconciliation',
  sql`
  insert into ${reconciliations} (id, since, started_at)
  values (${sql.placeholder('id')}, ${sql.placeholder('since')}, ${sql.placeholder('now')})`,
)

const finish = prepareWrite(
  'reconciliation',
  sql`
  insert into ${reconciliations} (id, since, started_at, finished_at, intents, refunds, disputes, payouts, synced,
    findings)
  values (${sql.placeholder('id')}, ${sql.placeholder('since')}, ${sql.placeholder('now')}, ${sql.placeholder('now')},
    ${sql.placeholder('intents')}, ${sql.placeholder('refunds')}, ${sql.placeholder('disputes')}, ${sql.placeholder('payouts')},
    ${sql.placeholder('synced')}, ${sql.placeholder('findings')}::text::jsonb)
  on conflict (id) do update set finished_at = excluded.finished_at, intents = excluded.intents,
    refunds = excluded.refunds, disputes = excluded.disputes, payouts = excluded.payouts,
    synced = excluded.synced, findings = excluded.findings`,
)

export const createPostgresReconciliations = ({ drizzle: db }: Database): Reconciliations => {
  const last = db
    .select({ at: reconciliations.since })
    .from(reconciliations)
    .where(isNotNull(reconciliations.finishedAt))
    .orderBy(desc(reconciliations.startedAt))
    .limit(1)
    .prepare('reconciliation_last')
  const firstPayment = db
    .select({ at: payments.initiatedAt })
    .from(payments)
    .orderBy(asc(payments.id))
    .limit(1)
    .prepare('payment_first')
  return {
    comparedBefore: async () => ((await last.execute())[0] ?? (await firstPayment.execute())[0])?.at,
    start: (tx, { id, since }) => postgresOf(tx).write(start, { id, since, now: tx.now }),
    finish: (tx, { findings, ...counts }) =>
      postgresOf(tx).write(finish, { ...counts, findings: JSON.stringify(findings), now: tx.now }),
  }
}
