import type { StatementSync } from 'node:sqlite'
import { z } from 'zod'
import type { Database } from './database.ts'

const Row = z.object({ data: z.string() })
const Position = z.object({ seq: z.number() })

interface StoredObject {
  id: string
  object: string
  created: number
}

export interface ObjectIndex {
  paymentIntent?: string
  eventType?: string
}

export interface ObjectQuery extends ObjectIndex {
  object: string
  limit: number
  createdFrom?: number
  createdTo?: number
  startingAfter?: number
  endingBefore?: number
}

const conditions = `object = :object AND (:paymentIntent IS NULL OR payment_intent = :paymentIntent)
  AND (:eventType IS NULL OR event_type = :eventType) AND created BETWEEN :from AND :to`

/** The provider's objects of every kind, in the order of their creation. */
export class ObjectStore {
  readonly #insert: StatementSync
  readonly #update: StatementSync
  readonly #find: StatementSync
  readonly #position: StatementSync
  readonly #older: StatementSync
  readonly #newer: StatementSync

  constructor({ connection }: Database) {
    this.#insert = connection.prepare(`INSERT INTO objects (id, object, created, payment_intent, event_type, data)
      VALUES (:id, :object, :created, :paymentIntent, :eventType, :data)`)
    this.#update = connection.prepare('UPDATE objects SET data = :data WHERE id = :id')
    this.#find = connection.prepare('SELECT data FROM objects WHERE id = :id AND object = :object')
    this.#position = connection.prepare('SELECT seq FROM objects WHERE id = :id AND object = :object')
    this.#older = connection.prepare(
      `SELECT data FROM objects WHERE ${conditions} AND seq < :cursor ORDER BY seq DESC LIMIT :limit`,
    )
    this.#newer = connection.prepare(
      `SELECT data FROM objects WHERE ${conditions} AND seq > :cursor ORDER BY seq LIMIT :limit`,
    )
  }

  insert(object: StoredObject, index: ObjectIndex = {}): void {
    this.#insert.run({
      id: object.id,
      object: object.object,
      created: object.created,
      paymentIntent: index.paymentIntent ?? null,
      eventType: index.eventType ?? null,
      data: JSON.stringify(object),
    })
  }

  update(object: StoredObject): void {
    this.#update.run({ id: object.id, data: JSON.stringify(object) })
  }

  find<T>(schema: z.ZodType<T>, object: string, id: string): T | undefined {
    const row = this.#find.get({ id, object })
    return row && schema.parse(JSON.parse(Row.parse(row).data))
  }

  position(object: string, id: string): number | undefined {
    const row = this.#position.get({ id, object })
    return row && Position.parse(row).seq
  }

  /** Newest first; with `endingBefore`, the `limit` objects that follow the cursor, still newest first. */
  list<T>(schema: z.ZodType<T>, query: ObjectQuery): T[] {
    const newer = query.endingBefore !== undefined
    const rows = (newer ? this.#newer : this.#older).all({
      object: query.object,
      paymentIntent: query.paymentIntent ?? null,
      eventType: query.eventType ?? null,
      from: query.createdFrom ?? 0,
      to: query.createdTo ?? Number.MAX_SAFE_INTEGER,
      cursor: query.endingBefore ?? query.startingAfter ?? Number.MAX_SAFE_INTEGER,
      limit: query.limit,
    })
    const objects = rows.map((row) => schema.parse(JSON.parse(Row.parse(row).data)))
    return newer ? objects.reverse() : objects
  }
}
