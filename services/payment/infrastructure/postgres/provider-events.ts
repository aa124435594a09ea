import { and, eq, lt, sql } from 'drizzle-orm'
import type { Database } from '#bus/postgres/database.ts'
import { BATCH_ROWS, inBatches } from '#bus/postgres/in-batches.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { OldProviderEvents, ProviderEvents } from '../../ports.ts'
import { providerEvents } from './schema.ts'

const insert = prepareWrite(
  'provider event',
  sql`
  insert into ${providerEvents} (provider, event_id, type, body, received_at)
  values (${sql.placeholder('provider')}, ${sql.placeholder('eventId')}, ${sql.placeholder('type')},
    ${sql.placeholder('body')}, ${sql.placeholder('receivedAt')})
  on conflict do nothing`,
)

export const createPostgresProviderEvents = ({ drizzle: db }: Database): ProviderEvents => {
  const find = db
    .select({ eventId: providerEvents.eventId })
    .from(providerEvents)
    .where(
      and(
        eq(providerEvents.provider, sql.placeholder('provider')),
        eq(providerEvents.eventId, sql.placeholder('eventId')),
      ),
    )
    .prepare('provider_event_find')
  return {
    has: async (provider, eventId) => (await find.execute({ provider, eventId })).length > 0,
    save: (tx, { provider, eventId, type, body }) =>
      postgresOf(tx).write(insert, { provider, eventId, type, body, receivedAt: tx.now }),
  }
}

export const createPostgresOldProviderEvents = ({ drizzle: db }: Database): OldProviderEvents => ({
  purge: async (before) => {
    const { receivedAt, eventId } = providerEvents
    await inBatches(async () => {
      const old = db.select({ row: sql`ctid` }).from(providerEvents).where(lt(receivedAt, before)).limit(BATCH_ROWS)
      return (await db.delete(providerEvents).where(sql`ctid = any(array(${old}))`).returning({ eventId })).length
    })
  },
})
