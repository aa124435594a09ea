import type { StatementSync } from 'node:sqlite'
import { z } from 'zod'
import type { Database } from '../database.ts'

const Delivery = z.object({ id: z.number(), attempts: z.number(), payload: z.string() })
export type Delivery = z.infer<typeof Delivery>
const Count = z.object({ state: z.enum(['pending', 'delivered', 'dropped']), count: z.number() })
const NextDue = z.object({ due_at: z.number().nullable() })

interface NewDelivery {
  event: string
  dueAt: number
  state: 'pending' | 'dropped'
  racesRequest: string | null
}

const select = `SELECT d.id, d.attempts, o.data AS payload FROM webhook_deliveries d
  JOIN objects o ON o.id = d.event WHERE d.state = 'pending'`

export class DeliveryStore {
  readonly #insert: StatementSync
  readonly #due: StatementSync
  readonly #racing: StatementSync
  readonly #nextDue: StatementSync
  readonly #delivered: StatementSync
  readonly #postpone: StatementSync
  readonly #counts: StatementSync

  constructor({ connection }: Database) {
    this.#insert = connection.prepare(`INSERT INTO webhook_deliveries (event, due_at, state, races_request)
      VALUES (:event, :dueAt, :state, :racesRequest)`)
    this.#due = connection.prepare(`${select} AND d.due_at <= :now ORDER BY d.due_at, d.id LIMIT :limit`)
    this.#racing = connection.prepare(`${select} AND d.races_request = :request ORDER BY d.id`)
    this.#nextDue = connection.prepare(
      "SELECT min(due_at) AS due_at FROM webhook_deliveries WHERE state = 'pending' AND due_at > :now",
    )
    this.#delivered = connection.prepare(
      "UPDATE webhook_deliveries SET state = 'delivered', attempts = attempts + 1 WHERE id = :id",
    )
    this.#postpone = connection.prepare(
      'UPDATE webhook_deliveries SET due_at = :dueAt, attempts = attempts + 1 WHERE id = :id',
    )
    this.#counts = connection.prepare('SELECT state, count(*) AS count FROM webhook_deliveries GROUP BY state')
  }

  add(delivery: NewDelivery): void {
    this.#insert.run({ ...delivery })
  }

  due(now: number, limit: number): Delivery[] {
    return this.#due.all({ now, limit }).map((row) => Delivery.parse(row))
  }

  racing(request: string): Delivery[] {
    return this.#racing.all({ request }).map((row) => Delivery.parse(row))
  }

  nextDueAfter(now: number): number | undefined {
    return NextDue.parse(this.#nextDue.get({ now })).due_at ?? undefined
  }

  markDelivered(id: number): void {
    this.#delivered.run({ id })
  }

  postpone(id: number, dueAt: number): void {
    this.#postpone.run({ id, dueAt })
  }

  counts(): { pending: number; delivered: number; dropped: number } {
    const counted = this.#counts.all().map((row) => Count.parse(row))
    const of = (state: string): number => counted.find((row) => row.state === state)?.count ?? 0
    return { pending: of('pending'), delivered: of('delivered'), dropped: of('dropped') }
  }
}
