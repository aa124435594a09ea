import type { Clock } from '#domain/kernel/clock.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import type { DeadLetters } from '../dead-letters/dead-letters.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { BusInspection } from '../inspection/inspection.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { SagaStore } from '../sagas/store.ts'
import type { Store } from '../unit-of-work/store.ts'
import { createMemoryDeadLetters } from './dead-letters.ts'
import { createMemoryIdempotency, type MemoryIdempotency } from './idempotency.ts'
import { createMemoryInbox } from './inbox.ts'
import { createMemoryInspection } from './inspection.ts'
import { createMemoryOutbox } from './outbox.ts'
import { createMemorySagas } from './sagas.ts'
import { openSession } from './session.ts'
import { createMemoryState, type MemoryState } from './state.ts'
import { createMemoryStore } from './store.ts'

export interface MemoryBusOptions {
  readonly service: string
  readonly ids: Ids
  readonly clock: Clock
  /** What an earlier process of the service left behind; a new state when not given. */
  readonly state?: MemoryState
}

/** The stores of the bus as one process of a service sees them. */
export interface MemoryBusStores {
  readonly store: Store
  readonly outbox: Outbox
  readonly inbox: Inbox
  readonly idempotency: MemoryIdempotency
  readonly deadLetters: DeadLetters
  readonly sagas: SagaStore
  readonly inspection: BusInspection
  /** Outlives the process: hand it to the next one. */
  readonly state: MemoryState
  /** Kills the process: its shards are free, and nothing that it has under way reads or writes any more. */
  kill(): void
}

/**
 * Every store of the bus over one shared state, for the simulation and fast tests. Without timers and randomness of its
 * own: the same calls leave the same state.
 * @example
 * const first = createMemoryBusStores({ service: 'learning', ids, clock })
 * first.kill()
 * const second = createMemoryBusStores({ service: 'learning', ids, clock, state: first.state })
 */
export const createMemoryBusStores = ({ service, ids, clock, ...given }: MemoryBusOptions): MemoryBusStores => {
  const state = given.state ?? createMemoryState()
  const session = openSession()
  const store = createMemoryStore({ service, ids, state, session })
  const outbox = createMemoryOutbox(state, session)
  return {
    store,
    outbox,
    inbox: createMemoryInbox(state, session),
    idempotency: createMemoryIdempotency(state, session, store, clock),
    deadLetters: createMemoryDeadLetters(state, session),
    sagas: createMemorySagas(state, session),
    inspection: createMemoryInspection(state, session, outbox),
    state,
    kill: () => session.end(),
  }
}
