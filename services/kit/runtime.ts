import type { Clock as ClockPort } from '#domain/kernel/clock.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import { type Buses, createBuses } from '#bus/cqrs/buses.ts'
import { createLocalEvents } from '#bus/cqrs/local-events.ts'
import { createPipeline, type Trace } from '#bus/cqrs/pipeline.ts'
import type { Resolve } from '#bus/cqrs/token.ts'
import type { DeadLetters as DeadLettersPort } from '#bus/dead-letters/dead-letters.ts'
import type { IdempotencyRecords } from '#bus/idempotency/idempotency.ts'
import type { Inbox } from '#bus/inbox/inbox.ts'
import type { BusInspection as BusInspectionPort } from '#bus/inspection/inspection.ts'
import { createDispatcher, type Dispatcher, type DispatchObserver } from '#bus/messaging/dispatcher.ts'
import type { Outbox, OutboxRow } from '#bus/outbox/outbox.ts'
import { createRelay } from '#bus/outbox/relay.ts'
import { createRequester, type Lane } from '#bus/request-reply/requester.ts'
import type { Retries } from '#bus/request-reply/retries.ts'
import { createSagaRunner, createSagas } from '#bus/sagas/sagas.ts'
import type { SagaStore as SagaStorePort } from '#bus/sagas/store.ts'
import { createTimerSweep } from '#bus/sagas/timers.ts'
import type { InSpan } from '#bus/tracing.ts'
import type { Transport as TransportPort } from '#bus/transports/transport.ts'
import type { Store } from '#bus/unit-of-work/store.ts'
import { resolveBindings } from './compose.ts'
import { type Binding, bindValue } from './module.ts'
import * as kit from './ports.ts'
import type { ServiceDefinition } from './service.ts'

/** Where a service keeps what the bus needs: all in PostgreSQL, or all in memory. */
export interface BusStores {
  readonly store: Store
  readonly outbox: Outbox
  readonly inbox: Inbox
  readonly idempotency: IdempotencyRecords
  readonly deadLetters: DeadLettersPort
  readonly inspection: BusInspectionPort
  /** Absent for a service without sagas. */
  readonly sagas?: SagaStorePort | undefined
}

export interface RuntimePorts {
  readonly clock: ClockPort
  readonly ids: Ids
  /** In [0, 1), for jitter. */
  readonly random: () => number
  readonly transport: TransportPort
  readonly lane: Lane
  /** Requests are not asked again when not given. */
  readonly retries?: Retries | undefined
  readonly trace?: Trace | undefined
  readonly inSpan?: InSpan | undefined
  readonly observe: DispatchObserver
  readonly onRelayFailure?: (row: OutboxRow, reason: string) => void
}

/** A service without its doors to HTTP: what the hosts and the simulation have in common. */
export interface Runtime {
  readonly name: string
  readonly buses: Buses
  readonly dispatcher: Dispatcher
  readonly resolve: Resolve
  /** One pass of the relay; returns how many messages left. */
  relay(): Promise<number>
  /** One pass over due timers; returns how many there were. */
  timers(): Promise<number>
}

type Behaviour = Pick<
  ServiceDefinition<never>,
  'name' | 'commands' | 'queries' | 'messages' | 'events' | 'local' | 'sagas' | 'patterns'
>

/** Every pattern that the service says it answers has its answerer, and no more. */
const checkAnswers = ({ name, messages, patterns }: Behaviour): void => {
  const answered = new Set(messages.map(({ definition }) => definition.type))
  for (const { type } of patterns.messages)
    if (!answered.delete(type))
      throw new Error(`${name} does not answer "${type}". help: list it under messages in service.ts.`)
  const [extra] = answered
  if (extra)
    throw new Error(
      `${name} answers "${extra}", which its patterns do not list. help: add it to bus/patterns/${name}.ts.`,
    )
}

export const createRuntime = (
  service: Behaviour,
  bindings: readonly Binding[],
  stores: BusStores,
  ports: RuntimePorts,
): Runtime => {
  checkAnswers(service)
  const { name } = service
  const { clock, ids, random, transport, lane, inSpan } = ports
  const { store, outbox, inbox, deadLetters, inspection, sagas: sagaStore } = stores
  if (service.sagas.length > 0 && !sagaStore) throw new Error(`${name} has sagas and no store for them.`)
  const runners = sagaStore
    ? service.sagas.map((definition) => createSagaRunner({ service: name, definition, store, sagas: sagaStore, clock }))
    : []
  const resolve = resolveBindings([
    bindValue(kit.Clock, clock),
    bindValue(kit.Requester, createRequester({ service: name, lane, clock, ids, retries: ports.retries, inSpan })),
    bindValue(kit.Sagas, createSagas(runners)),
    bindValue(kit.DeadLetters, deadLetters),
    bindValue(kit.BusInspection, inspection),
    bindValue(kit.Transport, transport),
    ...(sagaStore ? [bindValue(kit.SagaStore, sagaStore)] : []),
    ...bindings,
  ])
  const local = createLocalEvents(service.local, resolve)
  const pipeline = createPipeline({ store, idempotency: stores.idempotency, local, clock, ids, trace: ports.trace })
  const dispatcher = createDispatcher({
    service: name,
    subscribers: service.events,
    responders: service.messages,
    sagas: runners,
    store,
    inbox,
    deadLetters,
    local,
    clock,
    ids,
    resolve,
    observe: ports.observe,
    inSpan,
  })
  transport.connect(name, dispatcher.subscriptions, dispatcher.receive)
  const relay = createRelay({ service: name, outbox, transport, clock, random, onFailure: ports.onRelayFailure })
  return {
    name,
    buses: createBuses(pipeline, service.commands, service.queries, resolve),
    dispatcher,
    resolve,
    relay: relay.sweep,
    timers: sagaStore ? createTimerSweep(sagaStore, runners, clock, inSpan) : () => Promise.resolve(0),
  }
}
