import { sql } from 'drizzle-orm'
import {
  bigserial,
  check,
  index,
  integer,
  jsonb,
  type PgSchema,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import { SHARDS } from '../outbox/shard.ts'

/** An instant as a column; rows carry it in the one form of `Instant`. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'string', precision: 3 })

/** The tables that the bus keeps in the schema of every service. */
export const busTables = <Name extends string>(schema: PgSchema<Name>) => ({
  outbox: schema.table(
    'outbox',
    {
      seq: bigserial('seq', { mode: 'number' }).primaryKey(),
      shard: integer('shard').notNull(),
      key: text('key').notNull(),
      /** `events`, or the service that a message goes to. */
      route: text('route').notNull(),
      type: text('type').notNull(),
      envelope: text('envelope').notNull(),
      writtenAt: instant('written_at').notNull(),
    },
    (table) => [
      index('outbox_shard_seq').on(table.shard, table.seq),
      check('outbox_shard_known', sql`${table.shard} between 0 and ${sql.raw(String(SHARDS - 1))}`),
    ],
  ),
  /** Keys whose oldest message could not be delivered: held back until `until`, or parked. */
  heldKeys: schema.table('held_keys', {
    key: text('key').primaryKey(),
    attempts: integer('attempts').notNull(),
    until: instant('until').notNull(),
    reason: text('reason').notNull(),
  }),
  inbox: schema.table(
    'inbox',
    {
      consumer: text('consumer').notNull(),
      id: text('id').notNull(),
      /** The reply that the first delivery got, for requests. */
      reply: text('reply'),
      receivedAt: instant('received_at').notNull(),
    },
    (table) => [primaryKey({ columns: [table.consumer, table.id] }), index('inbox_received_at').on(table.receivedAt)],
  ),
  idempotencyKeys: schema.table(
    'idempotency_keys',
    {
      /** Caller and operation. */
      scope: text('scope').notNull(),
      key: text('key').notNull(),
      fingerprint: text('fingerprint').notNull(),
      /** The output, or the refusal, as JSON text. */
      answer: text('answer').notNull(),
      createdAt: instant('created_at').notNull(),
    },
    (table) => [primaryKey({ columns: [table.scope, table.key] }), index('idempotency_created_at').on(table.createdAt)],
  ),
  /** Queues for replies, each leased by one instance of the service at a time. */
  replySlots: schema.table('reply_slots', {
    slot: integer('slot').primaryKey(),
    /** One more with every lessee, so that replies to an earlier one are told apart. */
    epoch: integer('epoch').notNull(),
    until: instant('until').notNull(),
  }),
  deadLetters: schema.table(
    'dead_letters',
    {
      id: uuid('id').primaryKey(),
      consumer: text('consumer').notNull(),
      messageId: text('message_id').notNull(),
      type: text('type').notNull(),
      key: text('key').notNull(),
      envelope: text('envelope').notNull(),
      reason: text('reason').notNull(),
      failedAt: instant('failed_at').notNull(),
    },
    (table) => [index('dead_letters_failed_at').on(table.failedAt, table.id)],
  ),
})

/** The tables of a service in which sagas live. */
export const sagaTables = <Name extends string>(schema: PgSchema<Name>) => ({
  saga: schema.table(
    'saga',
    {
      type: text('type').notNull(),
      key: text('key').notNull(),
      version: integer('version').notNull(),
      status: text('status').notNull(),
      step: text('step').notNull(),
      /** The instance: state, pending requests, compensation stack, timers. */
      instance: jsonb('instance').notNull(),
      /** When its next timer is due; null when none is armed. */
      dueAt: instant('due_at'),
      startedAt: instant('started_at').notNull(),
      updatedAt: instant('updated_at').notNull(),
    },
    (table) => [
      primaryKey({ columns: [table.type, table.key] }),
      index('saga_due').on(table.dueAt).where(sql`${table.dueAt} is not null`),
      index('saga_listing').on(table.type, table.status, table.updatedAt),
      check(
        'saga_status_known',
        sql`${table.status} in ('running', 'compensating', 'parked', 'completed', 'compensated', 'cancelled', 'failed')`,
      ),
    ],
  ),
  sagaJournal: schema.table(
    'saga_journal',
    {
      type: text('type').notNull(),
      key: text('key').notNull(),
      n: integer('n').notNull(),
      at: instant('at').notNull(),
      message: text('message').notNull(),
      messageId: text('message_id').notNull(),
      fromStep: text('from_step').notNull(),
      toStep: text('to_step').notNull(),
      status: text('status').notNull(),
      /** What the step sent, published and armed, by name. */
      outputs: jsonb('outputs').notNull(),
      error: text('error'),
      correlationId: text('correlation_id').notNull(),
    },
    (table) => [primaryKey({ columns: [table.type, table.key, table.n] })],
  ),
})

export type BusTables = ReturnType<typeof busTables<string>>
export type SagaTables = ReturnType<typeof sagaTables<string>>
