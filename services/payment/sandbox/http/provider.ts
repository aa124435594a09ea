import { type Database, openDatabase } from '../database.ts'
import { FaultStore } from '../faults/fault-store.ts'
import { ObjectStore } from '../object-store.ts'
import type { SandboxSettings } from '../options.ts'
import { DeliveryStore } from '../webhooks/delivery-store.ts'
import { WebhookDispatcher } from '../webhooks/dispatcher.ts'
import { EventLog } from '../webhooks/event-log.ts'
import type { ApiKeys } from './authentication.ts'
import { IdempotencyStore } from './idempotency.ts'

/** Everything a route works with; one per sandbox. */
export interface Provider {
  database: Database
  objects: ObjectStore
  events: EventLog
  deliveries: DeliveryStore
  faults: FaultStore
  idempotency: IdempotencyStore
  /** Keys of the requests under way. */
  inFlightKeys: Set<string>
  dispatcher: WebhookDispatcher | undefined
  keys: ApiKeys
  /** Milliseconds since 1970. */
  now: () => number
  /** Sets the clock ahead of the machine's, for tests in which time passes. */
  moveClock: (aheadMs: number) => void
  baseUrl: () => string
  /** Aborted when the sandbox closes: nothing may wait any longer. */
  closing: AbortSignal
  reportError: (error: unknown) => void
}

export const createProvider = (
  settings: SandboxSettings,
  surroundings: Pick<Provider, 'now' | 'moveClock' | 'baseUrl' | 'closing' | 'reportError'>,
): Provider => {
  const { now } = surroundings
  const { webhookUrl: url, webhookSecret: secret, webhookRetryBaseMs: retryBaseMs } = settings
  const database = openDatabase(settings.database)
  const objects = new ObjectStore(database)
  const faults = new FaultStore(database)
  const deliveries = new DeliveryStore(database)
  const dispatcher =
    url === undefined ? undefined : new WebhookDispatcher(deliveries, { url, secret, retryBaseMs }, now)
  return {
    ...surroundings,
    database,
    objects,
    events: new EventLog(objects, dispatcher && deliveries, faults, now),
    deliveries,
    faults,
    idempotency: new IdempotencyStore(database, now),
    inFlightKeys: new Set(),
    dispatcher,
    keys: { secret: settings.apiKey, publishable: settings.publishableKey },
  }
}
