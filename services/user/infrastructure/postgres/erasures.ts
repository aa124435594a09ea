import { eq, type InferSelectModel, sql } from 'drizzle-orm'
import { Erasure, type ErasureState } from '#domain/user/erasure.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { ErasureRepository } from '../../ports.ts'
import { erasureRequests } from './schema.ts'

const value = sql.placeholder

const insert = prepareWrite(
  'erasure request',
  sql`insert into ${erasureRequests} (id, user_id, status, requested_at, due_at, acknowledged, version)
    values (${value('id')}, ${value('userId')}, ${value('status')}, ${value('requestedAt')}, ${value('dueAt')},
      ${value('acknowledged')}::text::jsonb, 1)
    on conflict do nothing`,
)

const update = prepareWrite(
  'erasure request',
  sql`update ${erasureRequests} set status = ${value('status')}, acknowledged = ${value('acknowledged')}::text::jsonb,
      closed_at = ${value('closedAt')}, version = version + 1
    where id = ${value('id')} and version = ${value('version')}`,
)

const stateOf = ({
  version: _,
  status,
  closedAt,
  ...facts
}: InferSelectModel<typeof erasureRequests>): ErasureState => {
  if (status === 'RUNNING') return { ...facts, status }
  if (closedAt === null) throw new Error(`${facts.id} is closed and does not say when.`)
  return { ...facts, status, closedAt }
}

export const createPostgresErasures = ({ drizzle: db }: Database): ErasureRepository => {
  const byId = db
    .select()
    .from(erasureRequests)
    .where(eq(erasureRequests.id, value('id')))
    .prepare('erasure_by_id')
  return {
    load: async (id) => {
      const [row] = await byId.execute({ id })
      return row && Erasure.restore(stateOf(row), row.version)
    },
    save: (tx, erasure) => {
      const { state, version } = erasure
      const acknowledged = JSON.stringify(state.acknowledged)
      const closedAt = state.status === 'CLOSED' ? state.closedAt : null
      if (version === 0) postgresOf(tx).write(insert, { ...state, acknowledged })
      else postgresOf(tx).write(update, { ...state, acknowledged, closedAt, version })
      tx.raise(erasure)
    },
  }
}
