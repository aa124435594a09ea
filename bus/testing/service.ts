import type { Clock } from '#domain/kernel/clock.ts'
import type { SagaDefinition } from '#domain/kernel/saga.ts'
import { createLocalEvents, type LocalSubscriber } from '../cqrs/local-events.ts'
import type { Resolve } from '../cqrs/token.ts'
import { createMemoryBusStores } from '../memory/stores.ts'
import { createDispatcher, type DispatchObserver } from '../messaging/dispatcher.ts'
import type { Responder, Subscriber } from '../messaging/handlers.ts'
import { createSagaRunner, createSagas } from '../sagas/sagas.ts'
import { decodeEnvelope, type Envelope } from '../envelope.ts'
import type { InSpan } from '../tracing.ts'
import { createTestIds } from './ids.ts'

/** For handlers that depend on nothing. */
export const resolveNothing: Resolve = ({ name }) => {
  throw new Error(`Nothing is bound to ${name}.`)
}

export interface TestServiceParts {
  readonly service: string
  readonly clock: Clock
  readonly subscribers?: Readonly<Record<string, Subscriber>>
  readonly responders?: readonly Responder[]
  readonly sagas?: readonly SagaDefinition[]
  readonly local?: readonly LocalSubscriber[]
  readonly inSpan?: InSpan
}

/** A service in memory: its stores, its way in, and what its dispatcher told of as lines of text. */
export const createTestService = ({ service, clock, ...parts }: TestServiceParts) => {
  const ids = createTestIds()
  const stores = createMemoryBusStores({ service, ids, clock })
  const told: string[] = []
  const observe: DispatchObserver = {
    handled: (consumer, type) => told.push(`${consumer} handled ${type}`),
    duplicate: (consumer) => told.push(`${consumer} suppressed a duplicate`),
    failed: (consumer, _envelope, error, final) => told.push(`${consumer} failed${final ? ' for good' : ''}: ${error}`),
    expired: (type) => told.push(`${type} expired`),
  }
  const runners = (parts.sagas ?? []).map((definition) => createSagaRunner({ service, definition, ...stores, clock }))
  const dispatcher = createDispatcher({
    service,
    subscribers: parts.subscribers ?? {},
    responders: parts.responders ?? [],
    local: createLocalEvents(parts.local ?? [], resolveNothing),
    ...stores,
    sagas: runners,
    clock,
    ids,
    resolve: resolveNothing,
    observe,
    inSpan: parts.inSpan,
  })
  return { stores, ids, dispatcher, told, runners, sagas: createSagas(runners) }
}

export type TestService = ReturnType<typeof createTestService>

/** What lies in a service's outbox. */
export const outgoing = ({ stores }: Pick<TestService, 'stores'>): Envelope[] =>
  stores.state.outbox.map(({ envelope }) => decodeEnvelope(envelope))
