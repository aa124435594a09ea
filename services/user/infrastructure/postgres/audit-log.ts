import { sql } from 'drizzle-orm'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { AuditLog } from '../../ports.ts'
import { auditLog } from './schema.ts'

const value = sql.placeholder

const insert = prepareWrite(
  'audit log',
  sql`insert into ${auditLog} (at, actor, action, subject)
    values (${value('at')}, ${value('actor')}, ${value('action')}, ${value('subject')})`,
)

export const postgresAuditLog: AuditLog = {
  record: (tx, { actor, action, subject }) => postgresOf(tx).write(insert, { at: tx.now, actor, action, subject }),
}
