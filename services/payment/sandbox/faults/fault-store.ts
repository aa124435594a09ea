import type { StatementSync } from 'node:sqlite'
import { z } from 'zod'
import type { Database } from '../database.ts'
import type { Metadata } from '../stripe/objects.ts'
import {
  Fault,
  isOutcomeFault,
  isRequestFault,
  isWebhookFault,
  type OperationName,
  type OutcomeFault,
  type RequestFault,
  type WebhookFault,
} from './fault.ts'

const Row = z.object({ id: z.number(), remaining: z.number(), data: z.string() })

export interface PendingFault {
  id: number
  remaining: number
  fault: Fault
}

const aimsAt = (fault: Fault, metadata: Metadata): boolean =>
  Object.entries(fault.metadata).every(([key, value]) => metadata[key] === value)

/** Faults wait in the order of their arrival; each is used up after its `times`, also across restarts. */
export class FaultStore {
  readonly #insert: StatementSync
  readonly #pending: StatementSync
  readonly #use: StatementSync
  readonly #clear: StatementSync

  constructor({ connection }: Database) {
    this.#insert = connection.prepare('INSERT INTO faults (remaining, data) VALUES (:remaining, :data)')
    this.#pending = connection.prepare('SELECT id, remaining, data FROM faults WHERE remaining > 0 ORDER BY id')
    this.#use = connection.prepare('UPDATE faults SET remaining = remaining - 1 WHERE id = :id')
    this.#clear = connection.prepare('DELETE FROM faults')
  }

  add(fault: Fault): number {
    return Number(this.#insert.run({ remaining: fault.times, data: JSON.stringify(fault) }).lastInsertRowid)
  }

  pending(): PendingFault[] {
    return this.#pending.all().map((row) => {
      const { id, remaining, data } = Row.parse(row)
      return { id, remaining, fault: Fault.parse(JSON.parse(data)) }
    })
  }

  clear(): void {
    this.#clear.run()
  }

  takeForRequest(operation: OperationName, metadata: Metadata): RequestFault | undefined {
    return this.#take(
      isRequestFault,
      (fault) => (fault.operation === '*' || fault.operation === operation) && aimsAt(fault, metadata),
    )
  }

  takeForAttempt(kinds: OutcomeFault['kind'][], metadata: Metadata): OutcomeFault | undefined {
    return this.#take(isOutcomeFault, (fault) => kinds.includes(fault.kind) && aimsAt(fault, metadata))
  }

  takeForEvent(type: string, metadata: Metadata): WebhookFault | undefined {
    return this.#take(
      isWebhookFault,
      (fault) => (fault.event === '*' || fault.event === type) && aimsAt(fault, metadata),
    )
  }

  #take<F extends Fault>(isKind: (fault: Fault) => fault is F, matches: (fault: F) => boolean): F | undefined {
    for (const { id, fault } of this.pending()) {
      if (!isKind(fault) || !matches(fault)) continue
      this.#use.run({ id })
      return fault
    }
    return undefined
  }
}
