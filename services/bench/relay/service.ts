import { z } from 'zod'
import { systemClock } from '#domain/kernel/clock.ts'
import { event } from '#domain/kernel/event.ts'
import { createLocalEvents } from '#bus/cqrs/local-events.ts'
import { createDispatcher, type DispatchObserver } from '#bus/messaging/dispatcher.ts'
import { on } from '#bus/messaging/handlers.ts'
import { createRelay } from '#bus/outbox/relay.ts'
import { openDatabase } from '#bus/postgres/database.ts'
import { createMemoryTransport } from '#bus/transports/memory/memory.ts'
import { createPostgresStores } from '#services/kit/hosts/stores.ts'
import { systemIds } from '#services/kit/ids.ts'
import { serviceUrl } from '#services/kit/postgres/migrate.ts'
import { learningTables } from '#services/learning/infrastructure/postgres/tables.ts'

/** What the bench tells of: about as large as the platform's own events. */
export const Happened = event('bench.happened', {
  version: 1,
  data: z.object({ enrollmentId: z.string(), courseId: z.string(), studentId: z.string(), n: z.int() }),
})

const unbound = () => {
  throw new Error('The handlers of this bench depend on nothing.')
}

/**
 * A service with learning's tables and one subscription to its own event, from the outbox through relay, memory transport
 * and dispatcher to the inbox row, as every host puts them together.
 */
export const startBenchService = (ownerUrl: string, told: Partial<DispatchObserver> = {}) => {
  const url = serviceUrl(ownerUrl, learningTables.schema)
  const database = openDatabase({ url, name: 'bench', queueWaitMs: 10_000 })
  const [clock, ids] = [systemClock, systemIds]
  const stores = createPostgresStores({ service: 'learning', url, database, tables: learningTables, clock, ids })
  const dispatcher = createDispatcher({
    ...stores,
    service: 'learning',
    subscribers: { count: on(Happened, {}, async () => undefined) },
    responders: [],
    sagas: [],
    local: createLocalEvents([], unbound),
    clock,
    ids,
    resolve: unbound,
    observe: {
      handled: () => undefined,
      duplicate: () => undefined,
      failed: (_consumer, _envelope, error) => console.error(error),
      expired: () => undefined,
      ...told,
    },
  })
  const transport = createMemoryTransport()
  transport.connect('learning', dispatcher.subscriptions, dispatcher.receive)
  const relay = createRelay({ service: 'learning', outbox: stores.outbox, transport, clock, random: () => 0.5 })

  /** One commit with one event for each key. */
  const tell = async (keys: readonly string[]): Promise<void> => {
    const tx = stores.store.begin(clock.now(), { correlationId: 'cor_bench' })
    const ref = { courseId: 'crs_bench', studentId: 'usr_bench' }
    for (const [n, key] of keys.entries()) tx.publish(Happened, { enrollmentId: key, ...ref, n }, key)
    await stores.store.flush(tx)
  }

  return { database, store: stores.store, relay, tell }
}
