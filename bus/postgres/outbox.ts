import { eq, sql } from 'drizzle-orm'
import postgres from 'postgres'
import { z } from 'zod'
import type { Outbox } from '../outbox/outbox.ts'
import { SHARDS } from '../outbox/shard.ts'
import { ARRAYS } from './arrays.ts'
import { type Database, translateFailure } from './database.ts'
import type { BusTables } from './tables.ts'

/** A lock of a relay that stopped answering falls to another after this time without a heartbeat. */
const SILENCE_MS = 15_000

export interface PostgresOutboxOptions {
  readonly service: string
  /** The relay keeps a connection of its own: its session holds the shards. */
  readonly url: string
  readonly database: Database
  readonly tables: BusTables
  /** The silence after which a relay's shards fall to another, in milliseconds; 15,000 when not given. */
  readonly silenceMs?: number
}

/** Hashed, it is the first key of the advisory locks on a service's shards. */
export const relayLockOf = (service: string): string => `${service}:relay`

const Locked = z.array(z.object({ shard: z.int() }))

/**
 * The outbox in PostgreSQL. A shard is held by a session-level advisory lock (hash of service and purpose, shard), so
 * that the lock of a killed relay is free at once, and that of a stalled one when the server ends its idle session.
 */
export const createPostgresOutbox = (options: PostgresOutboxOptions): Outbox => {
  const { service, url, database, tables, silenceMs = SILENCE_MS } = options
  /** So often at most, that a delivery of ten seconds fits between two heartbeats. */
  const heartbeatMs = silenceMs / 4
  const { drizzle: db } = database
  const { outbox, heldKeys } = tables
  const shards = Array.from({ length: SHARDS }, (_, shard) => shard)
  let held: number[] = []
  let session: postgres.Sql | undefined
  let heardMs = 0
  /** By the clock of the wall: the other one may stand still while a process is frozen. */
  let letGoAtMs = Number.POSITIVE_INFINITY

  const connect = (): postgres.Sql =>
    postgres(url, {
      ...ARRAYS,
      max: 1,
      idle_timeout: 0,
      max_lifetime: null,
      connect_timeout: 2,
      onnotice: () => undefined,
      // The locks went with the connection.
      onclose: () => {
        held = []
      },
      connection: { application_name: `${service}-relay`, idle_session_timeout: silenceMs },
    })

  const take = db
    .select({
      seq: outbox.seq,
      key: outbox.key,
      route: outbox.route,
      type: outbox.type,
      envelope: outbox.envelope,
      attempts: sql<number>`coalesce(${heldKeys.attempts}, 0)`,
    })
    .from(outbox)
    .leftJoin(heldKeys, eq(heldKeys.key, outbox.key))
    .where(
      sql`${outbox.shard} = any(${sql.placeholder('shards')}::int[])
        and (${heldKeys.until} is null or ${heldKeys.until} <= ${sql.placeholder('now')}::timestamptz)`,
    )
    .orderBy(outbox.seq)
    .limit(sql.placeholder('limit'))
    .prepare('outbox_take')
  const remove = db
    .delete(outbox)
    .where(sql`${outbox.seq} = any(${sql.placeholder('seqs')}::text[]::bigint[])`)
    .prepare('outbox_remove')

  const hangUp = async (): Promise<void> => {
    const ended = session
    held = []
    session = undefined
    await ended?.end({ timeout: 2 })
  }

  return {
    claim: async () => {
      if (held.length === SHARDS && performance.now() - heardMs < heartbeatMs) return held.length
      // The server has hung up, or is about to, and a process that was frozen meanwhile does not know yet.
      if (Date.now() - letGoAtMs > silenceMs / 2) await hangUp()
      letGoAtMs = Number.POSITIVE_INFINITY
      session ??= connect()
      try {
        const missing = shards.filter((shard) => !held.includes(shard))
        const rows = await session`
          select shard from unnest(${missing}::int[]) as shard
          where pg_try_advisory_lock(hashtext(${relayLockOf(service)}), shard)`
        held.push(...Locked.parse([...rows]).map(({ shard }) => shard))
      } catch (error) {
        held = []
        throw translateFailure(error)
      }
      heardMs = performance.now()
      return held.length
    },
    stillHolds: async () => {
      if (session && held.length > 0 && performance.now() - heardMs >= heartbeatMs) {
        heardMs = performance.now()
        try {
          await session`select 1`
        } catch {
          held = []
        }
      }
      return held.length > 0
    },
    take: (limit, now) => take.execute({ shards: held, now, limit }),
    accept: async (seqs, released) => {
      // The keys first: a row that is left by a crash in between is sent again, and counts its attempts from the start.
      if (released.length > 0)
        await db.delete(heldKeys).where(sql`${heldKeys.key} = any(${sql.param([...released])}::text[])`)
      await remove.execute({ seqs: seqs.map(String) })
    },
    hold: async (key, attempts, until, reason) => {
      await db
        .insert(heldKeys)
        .values({ key, attempts, until, reason })
        .onConflictDoUpdate({ target: heldKeys.key, set: { attempts, until, reason } })
    },
    backlog: async () => {
      const [row] = await db
        .select({
          rows: sql<number>`count(*)::int`,
          oldest: sql<string | null>`min(${outbox.writtenAt})`,
          heldKeys: sql<number>`(select count(*)::int from ${heldKeys})`,
        })
        .from(outbox)
      return { rows: row?.rows ?? 0, oldest: row?.oldest ?? undefined, heldKeys: row?.heldKeys ?? 0 }
    },
    letGo: async () => {
      held = []
      letGoAtMs = Date.now()
      try {
        if (session) await session`select pg_advisory_unlock_all()`
      } catch {
        await hangUp()
      }
    },
    release: hangUp,
  }
}
