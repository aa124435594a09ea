import { and, eq, lt, sql } from 'drizzle-orm'
import type { Database } from '#bus/postgres/database.ts'
import { BATCH_ROWS, inBatches } from '#bus/postgres/in-batches.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { OldProviderEvents, ProviderEvents } from '../../ports.ts'
import { disputes, payments, payouts, providerEvents, refunds } from './schema.ts'

const insert = prepareWrite(
  'provider event',
  sql`
  insert into ${providerEvents} (provider, event_id, type, body, about, received_at)
  values (${sql.placeholder('provider')}, ${sql.placeholder('eventId')}, ${sql.placeholder('type')},
    ${sql.placeholder('body')}, ${sql.placeholder('about')}, ${sql.placeholder('receivedAt')})
  on conflict do nothing`,
)

/** About what somebody has paid, or was paid. */
const ofPayer = sql`${providerEvents.body} <> '' and ${providerEvents.about} in (
  select ${payments.id} from ${payments} where ${payments.payerId} = ${sql.placeholder('payerId')}
  union all select ${refunds.id} from ${refunds} join ${payments} on ${payments.id} = ${refunds.paymentId}
    where ${payments.payerId} = ${sql.placeholder('payerId')}
  union all select ${disputes.id} from ${disputes} join ${payments} on ${payments.id} = ${disputes.paymentId}
    where ${payments.payerId} = ${sql.placeholder('payerId')}
  union all select ${payouts.id} from ${payouts} where ${payouts.tutorId} = ${sql.placeholder('payerId')})`

const blank = prepareWrite('provider events', sql`update ${providerEvents} set body = '' where ${ofPayer}`)

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
  const countOf = db
    .select({ notices: sql<number>`count(*)::int` })
    .from(providerEvents)
    .where(ofPayer)
    .prepare('provider_events_of_payer')
  return {
    has: async (provider, eventId) => (await find.execute({ provider, eventId })).length > 0,
    save: (tx, event) => postgresOf(tx).write(insert, { ...event, receivedAt: tx.now }),
    countOf: async (payerId) => {
      const [row] = await countOf.execute({ payerId })
      return row?.notices ?? 0
    },
    blank: (tx, payerId, notices) => postgresOf(tx).write(blank, { payerId }, notices),
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
