import { sql } from 'drizzle-orm'
import type { Instant } from '#domain/kernel/clock.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import { failpoint } from '../failpoints.ts'
import { shardOf } from '../outbox/shard.ts'
import { IDEMPOTENCY, INBOX, missed } from '../unit-of-work/missed.ts'
import { type OutboxEntry, Outgoing } from '../unit-of-work/outgoing.ts'
import type { Store } from '../unit-of-work/store.ts'
import { FlushConflict, type OpenUnitOfWork, type Origin, type UnitOfWork } from '../unit-of-work/unit-of-work.ts'
import type { Database } from './database.ts'
import { createReceipts, type Receipt } from './receipts.ts'
import type { BusTables } from './tables.ts'
import { prepareWrite, renumber, type WriteTemplate } from './write.ts'

interface Write {
  readonly template: WriteTemplate
  readonly params: readonly unknown[]
  readonly rows: number
}

/** SQLSTATE that `flush_check` raises. */
const MISSED = 'BU001'
/** Nothing was committed since another transaction came first: unique and exclusion violations, deadlocks. */
const LOST_RACES = new Set<unknown>(['23505', '23P01', '40P01', '40001'])

/** A unit of work whose writes are statements. */
export class PostgresUnitOfWork extends Outgoing {
  readonly #own: Write[] = []
  readonly #writes: Write[] = []
  readonly #inbox: WriteTemplate
  #receipt: Receipt | undefined

  constructor(service: string, ids: Ids, now: Instant, origin: Origin, inbox: WriteTemplate) {
    super(service, ids, now, origin)
    this.#inbox = inbox
  }

  /** Registers a statement that must touch exactly `rows` rows, or nothing is committed. */
  write(template: WriteTemplate, values: Record<string, unknown>, rows = 1): void {
    this.#writes.push({ template, params: template.bind(values), rows })
  }

  /** Registers a one-row write of the bus itself; a repeat is told as one, whatever else has missed. */
  writeFirst(template: WriteTemplate, values: Record<string, unknown>): void {
    this.#own.push({ template, params: template.bind(values), rows: 1 })
  }

  receive(consumer: string, messageId: string, reply?: string): void {
    this.#receipt = reply === undefined ? { consumer, id: messageId, receivedAt: this.now } : undefined
    this.writeFirst(this.#inbox, { consumer, id: messageId, reply: reply ?? null, receivedAt: this.now })
  }

  /** The inbox row, when that is all there is to write. */
  get onlyReceipt(): Receipt | undefined {
    return this.#own.length === 1 && this.#writes.length === 0 ? this.#receipt : undefined
  }

  get writes(): readonly Write[] {
    return [...this.#own, ...this.#writes]
  }

  entries() {
    return this.outboxEntries()
  }
}

/** The PostgreSQL face of a unit of work, for adapters. Throws when another store made it. */
export const postgresOf = (tx: UnitOfWork): PostgresUnitOfWork => {
  if (!(tx instanceof PostgresUnitOfWork)) throw new TypeError('This unit of work belongs to another store.')
  return tx
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** What the flush says of a statement that was rolled back; other failures stay as they are. */
const conflictOf = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error
  if (codeOf(error) === MISSED) return missed(error.message)
  return LOST_RACES.has(codeOf(error)) ? Object.assign(new FlushConflict('A row'), { cause: error }) : error
}

export interface PostgresStoreOptions {
  readonly service: string
  readonly database: Database
  readonly tables: BusTables
  readonly ids: Ids
}

export interface PostgresStore extends Store {
  readonly idempotencyWrite: WriteTemplate
}

/**
 * Flushes a unit of work in one statement: every write is a common table expression, a check raises unless each touched
 * the rows it should, and the outbox rows are inserted behind that check. The aggregates' row locks are therefore held
 * before the outbox takes its sequence numbers, which keeps `seq` monotonic per key.
 */
export const createPostgresStore = ({ service, database, tables, ids }: PostgresStoreOptions): PostgresStore => {
  const { drizzle: db } = database
  const inbox = prepareWrite(
    INBOX,
    db
      .insert(tables.inbox)
      .values({
        consumer: sql.placeholder('consumer'),
        id: sql.placeholder('id'),
        reply: sql.placeholder('reply'),
        receivedAt: sql.placeholder('receivedAt'),
      })
      .onConflictDoNothing(),
  )
  const idempotencyWrite = prepareWrite(
    IDEMPOTENCY,
    db
      .insert(tables.idempotencyKeys)
      .values({
        scope: sql.placeholder('scope'),
        key: sql.placeholder('key'),
        fingerprint: sql.placeholder('fingerprint'),
        answer: sql.placeholder('answer'),
        createdAt: sql.placeholder('createdAt'),
      })
      .onConflictDoNothing(),
  )
  const beforeCommit = failpoint(`${service}.flush.before_commit`)
  const afterCommit = failpoint(`${service}.flush.after_commit`)
  const commitReceipt = createReceipts(service, database)
  const statements = new Map<string, string>()
  let committed: () => void = () => undefined

  const statementFor = (writes: readonly Write[], hasEntries: boolean): string => {
    const shape = `${writes.map(({ template }) => template.text).join('\0')}\0${hasEntries}`
    const known = statements.get(shape)
    if (known) return known
    const text = compose(service, writes, hasEntries)
    statements.set(shape, text)
    return text
  }

  const commit = async (
    { now }: PostgresUnitOfWork,
    writes: readonly Write[],
    entries: readonly OutboxEntry[],
  ): Promise<void> => {
    const params: unknown[] = writes.flatMap((write) => write.params)
    params.push(
      writes.map(({ template }) => template.name),
      writes.map(({ rows }) => rows),
    )
    if (entries.length > 0)
      params.push(
        entries.map(({ key }) => shardOf(key)),
        entries.map(({ key }) => key),
        entries.map(({ route }) => route),
        entries.map(({ type }) => type),
        entries.map(({ envelope }) => envelope),
        now,
      )
    await database.run(statementFor(writes, entries.length > 0), params).catch((error: unknown) => {
      throw conflictOf(error)
    })
  }

  return {
    idempotencyWrite,
    begin: (now, origin) => new PostgresUnitOfWork(service, ids, now, origin, inbox),
    onCommit: (listener) => {
      committed = listener
    },
    flush: async (tx: OpenUnitOfWork) => {
      const unit = postgresOf(tx)
      const { writes, onlyReceipt } = unit
      const entries = unit.entries()
      if (writes.length === 0 && entries.length === 0) return
      await beforeCommit()
      if (onlyReceipt && entries.length === 0) await commitReceipt(onlyReceipt)
      else await commit(unit, writes, entries)
      await afterCommit()
      if (entries.length > 0) committed()
    },
  }
}

const compose = (schema: string, writes: readonly Write[], hasEntries: boolean): string => {
  let offset = 0
  const parts = writes.map(({ template, params }, at) => {
    const part = `w${at} as (${renumber(template.text, offset)} returning 1)`
    offset += params.length
    return part
  })
  const counts = writes.map((_write, at) => `(select count(*) from w${at})::int`).join(', ')
  const check = `select "${schema}".flush_check($${offset + 1}::text[], $${offset + 2}::int[], array[${counts}]::int[]) as complete`
  if (!hasEntries) return `${parts.length > 0 ? `with ${parts.join(', ')} ` : ''}${check}`
  const [shard, key, route, type, envelope, now] = [3, 4, 5, 6, 7, 8].map((n) => `$${offset + n}`)
  return `with ${[...parts, `checked as materialized (${check})`].join(', ')}
    insert into "${schema}".outbox (shard, key, route, type, envelope, written_at)
    select row.shard, row.key, row.route, row.type, row.envelope, ${now}::timestamptz
    from checked,
      unnest(${shard}::int[], ${key}::text[], ${route}::text[], ${type}::text[], ${envelope}::text[])
        with ordinality as row(shard, key, route, type, envelope, n)
    where checked.complete
    order by row.n`
}
