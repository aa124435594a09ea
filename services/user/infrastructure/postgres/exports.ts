import { and, eq, type InferSelectModel, sql } from 'drizzle-orm'
import { DataExport, type DataExportState } from '#domain/user/data-export.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { ExportRepository } from '../../ports.ts'
import { dataExports } from './schema.ts'

const value = sql.placeholder

const insert = prepareWrite(
  'data export',
  sql`insert into ${dataExports} (id, user_id, status, requested_at, version)
    values (${value('id')}, ${value('userId')}, ${value('status')}, ${value('requestedAt')}, 1)
    on conflict do nothing`,
)

const fill = prepareWrite(
  'data export',
  sql`update ${dataExports} set status = ${value('status')}, archive = ${value('archive')}::text::jsonb,
      ready_at = ${value('readyAt')}, expires_at = ${value('expiresAt')}, version = version + 1
    where id = ${value('id')} and version = ${value('version')}`,
)

const stateOf = (row: InferSelectModel<typeof dataExports>): DataExportState => {
  const { id, userId, requestedAt, status, archive, readyAt, expiresAt } = row
  const facts = { id, userId, requestedAt }
  if (status === 'RUNNING') return { ...facts, status }
  if (archive === null || readyAt === null || expiresAt === null) throw new Error(`${id} is ready and has no archive.`)
  return { ...facts, status, archive, readyAt, expiresAt }
}

export const createPostgresExports = ({ drizzle: db }: Database): ExportRepository => {
  const byId = db
    .select()
    .from(dataExports)
    .where(eq(dataExports.id, value('id')))
    .prepare('export_by_id')
  const running = db
    .select({ id: dataExports.id, requestedAt: dataExports.requestedAt })
    .from(dataExports)
    .where(and(eq(dataExports.userId, value('userId')), sql`${dataExports.status} = 'RUNNING'`))
    .prepare('export_running')
  return {
    load: async (id) => {
      const [row] = await byId.execute({ id })
      return row && DataExport.restore(stateOf(row), row.version)
    },
    running: async (userId) => (await running.execute({ userId }))[0],
    save: (tx, made) => {
      const { state, version } = made
      if (version === 0) postgresOf(tx).write(insert, { ...state })
      else if (state.status === 'READY')
        postgresOf(tx).write(fill, { ...state, archive: JSON.stringify(state.archive), version })
      tx.raise(made)
    },
  }
}
