import type { FaultStore } from './faults/fault-store.ts'
import type { ObjectStore } from './object-store.ts'
import type { EventLog, RequestOrigin } from './webhooks/event-log.ts'

/** What one request works with, inside its transaction. */
export interface Scope {
  objects: ObjectStore
  events: EventLog
  faults: FaultStore
  origin: RequestOrigin
  /** Seconds since 1970, as Stripe's `created`. */
  now: number
  /** Where the customer's browser reaches the sandbox. */
  baseUrl: string
}
