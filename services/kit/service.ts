import type { z } from 'zod'
import type { SagaDefinition } from '#domain/kernel/saga.ts'
import type { AnyCommandHandler, AnyQueryHandler } from '#bus/cqrs/handler.ts'
import type { LocalSubscriber } from '#bus/cqrs/local-events.ts'
import type { Responder, Subscriber } from '#bus/messaging/handlers.ts'
import type { ServicePatterns } from '#bus/patterns/patterns.ts'
import type { BusTables, SagaTables } from '#bus/postgres/tables.ts'
import type { Job } from './jobs.ts'
import type { RawRoute } from './http/raw-route.ts'
import type { Route } from './http/route.ts'
import type { Binding } from './module.ts'

/** The PostgreSQL side of a service. */
export interface ServiceTables {
  /** Schema, and the name of the service's role. */
  readonly schema: string
  readonly bus: BusTables
  /** Present where sagas live. */
  readonly sagas?: SagaTables
  /** Absolute path of the folder with its migrations. */
  readonly migrations: string
}

/** A service's table of contents: everything it does, by name. Hosts compose it; nothing else is looked up. */
export interface ServiceDefinition<Config = unknown> {
  readonly name: string
  /** For people: the title of its OpenAPI document. */
  readonly title: string
  readonly patterns: ServicePatterns
  /** Its own part of the configuration, parsed once when the process starts. */
  readonly config: z.ZodType<Config>
  readonly tables: ServiceTables
  readonly commands: readonly AnyCommandHandler[]
  readonly queries: readonly AnyQueryHandler[]
  /** The answerers of `patterns.messages`, one each. */
  readonly messages: readonly Responder[]
  /** Subscriptions to events; the name is the consumer's name in the inbox and never changes. */
  readonly events: Readonly<Record<string, Subscriber>>
  /** Subscriptions inside the service, run in the same unit of work. */
  readonly local: readonly LocalSubscriber[]
  readonly sagas: readonly SagaDefinition[]
  readonly routes: readonly (Route | RawRoute)[]
  /** Work that runs from time to time, whatever the host. */
  readonly jobs: readonly Job[]
  readonly module: (config: Config) => readonly Binding[]
}

/** The service as far as its queues go: the event types that its handlers and its sagas subscribe to. */
export const endsOf = ({
  name,
  events,
  sagas,
}: Pick<ServiceDefinition<never>, 'name' | 'events' | 'sagas'>): { service: string; subscriptions: string[] } => ({
  service: name,
  subscriptions: [
    ...new Set([
      ...Object.values(events).map(({ event }) => event.type),
      ...sagas.flatMap((saga) => saga.events.map(({ event }) => event.type)),
    ]),
  ],
})

/** Defines a service as data. */
export const defineService = <Config>(definition: ServiceDefinition<Config>): ServiceDefinition<Config> => definition
