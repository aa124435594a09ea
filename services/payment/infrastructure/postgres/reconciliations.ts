import { sql } from 'drizzle-orm'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { Reconciliations } from '../../ports.ts'
import { reconciliations } from './schema.ts'

const start = prepareWrite(
  'reconciliation',
  sql`
  insert into ${reconciliations} (id, since, started_at)
  values (${sql.placeholder('id')}, ${sql.placeholder('since')}, ${sql.placeholder('now')})`,
)

const finish = prepareWrite(
  'reconciliation',
  sql`
  insert into ${reconciliations} (id, since, started_at, finished_at, intents, refunds, synced, findings)
  values (${sql.placeholder('id')}, ${sql.placeholder('since')}, ${sql.placeholder('now')}, ${sql.placeholder('now')},
    ${sql.placeholder('intents')}, ${sql.placeholder('refunds')}, ${sql.placeholder('synced')},
    ${sql.placeholder('findings')}::text::jsonb)
  on conflict (id) do update set finished_at = excluded.finished_at, intents = excluded.intents,
    refunds = excluded.refunds, synced = excluded.synced, findings = excluded.findings`,
)

export const postgresReconciliations: Reconciliations = {
  start: (tx, { id, since }) => postgresOf(tx).write(start, { id, since, now: tx.now }),
  finish: (tx, { findings, ...counts }) =>
    postgresOf(tx).write(finish, { ...counts, findings: JSON.stringify(findings), now: tx.now }),
}
