import type { Clock } from '#domain/kernel/clock.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import type { Database } from '#bus/postgres/database.ts'
import { createPostgresDeadLetters } from '#bus/postgres/dead-letters.ts'
import { createPostgresIdempotency, type PostgresIdempotency } from '#bus/postgres/idempotency.ts'
import { createPostgresInbox } from '#bus/postgres/inbox.ts'
import { createPostgresInspection } from '#bus/postgres/inspection.ts'
import { createPostgresOutbox } from '#bus/postgres/outbox.ts'
import { createPostgresSagas } from '#bus/postgres/sagas.ts'
import { createPostgresStore } from '#bus/postgres/store.ts'
import type { BusStores } from '../runtime.ts'
import type { ServiceTables } from '../service.ts'

export interface PostgresStoresOptions {
  readonly service: string
  readonly url: string
  readonly database: Database
  readonly tables: ServiceTables
  readonly clock: Clock
  readonly ids: Ids
}

/** Everything that the bus keeps of a service, in the service's schema. */
export const createPostgresStores = (
  options: PostgresStoresOptions,
): BusStores & { readonly idempotency: PostgresIdempotency } => {
  const { service, url, database, tables, clock, ids } = options
  const store = createPostgresStore({ service, database, tables: tables.bus, ids })
  const outbox = createPostgresOutbox({ service, url, database, tables: tables.bus })
  return {
    store,
    outbox,
    inbox: createPostgresInbox(database, tables.bus),
    idempotency: createPostgresIdempotency(database, tables.bus, store, clock),
    deadLetters: createPostgresDeadLetters(database, tables.bus),
    inspection: createPostgresInspection({ service, database, tables: tables.bus, outbox }),
    sagas: tables.sagas && createPostgresSagas(database, tables.sagas),
  }
}
