import { addMs, type Clock, DAY } from '#domain/kernel/clock.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import type { Outbox } from '#bus/outbox/outbox.ts'
import { countDeadLetters, countSagas } from '#bus/postgres/counts.ts'
import { openDatabase } from '#bus/postgres/database.ts'
import type { Retries } from '#bus/request-reply/retries.ts'
import type { Transport } from '#bus/transports/transport.ts'
import { createHttpApp, type HttpApp, type HttpAppOptions } from '../http/app.ts'
import { CONTRACT_VERSION } from '../http/document/service-document.ts'
import type { Cursors } from '../http/cursor.ts'
import type { Logger } from '../logging.ts'
import type { Metrics } from '../metrics.ts'
import { type Binding, bindValue } from '../module.ts'
import * as kit from '../ports.ts'
import type { Redis } from '../redis/redis.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import type { ServiceDefinition } from '../service.ts'
import type { Lanes } from './lanes.ts'
import type { Tracing } from '../tracing.ts'
import { tracedOperations } from '../tracing/traced-operations.ts'
import { observeDispatch } from './observe-dispatch.ts'
import { createPostgresStores } from './stores.ts'

/** What a host gives to each of its services. */
export interface HostPorts {
  /** The URL that a service connects with: its own role, which reaches its own schema and no other. */
  readonly databaseUrlOf: (schema: string) => string
  readonly redis: Redis
  readonly transport: Transport
  readonly lanes: Lanes
  /** Of requests between processes; within one there is nothing to repeat. */
  readonly retries?: Retries | undefined
  /** Opens the routes that are for development only. */
  readonly development: boolean
  readonly clock: Clock
  readonly ids: Ids
  readonly random: () => number
  readonly logger: (service: string) => Logger
  readonly metrics: Metrics
  /** Absent: nothing is traced. */
  readonly tracing?: Tracing | undefined
  readonly http: Pick<HttpAppOptions, 'rateLimiter' | 'rateLimit' | 'allowedOrigins' | 'clientAddress' | 'compile'>
  readonly cursors: Cursors
  /** Connections of each service's pool; 8 when not given. */
  readonly connections?: number | undefined
  /** More bindings, for all services. */
  readonly bindings?: readonly Binding[]
}

/** A service with its stores open and nothing running: a host calls it, or starts its loops. */
export interface ComposedService {
  readonly name: string
  readonly logger: Logger
  readonly runtime: Runtime
  readonly outbox: Outbox
  readonly http: (authenticate: HttpAppOptions['authenticate']) => HttpApp
  /** Fails when the service cannot do its work now. */
  ready(): Promise<void>
  /** Told after each commit that left messages in the outbox. */
  onCommit(listener: () => void): void
  /** Removes what no late message and no repeat needs any more. */
  prune(): Promise<void>
  /** Lets go of everything. */
  dispose(): Promise<void>
}

/** Inbox rows outlive every queue; answers to idempotency keys a day; ended sagas late messages. */
const KEEP_INBOX_MS = 30 * DAY
const KEEP_ANSWERS_MS = DAY
const KEEP_SAGAS_MS = 30 * DAY

/** Opens a service's stores and composes it. */
export const composeService = <Config>(
  service: ServiceDefinition<Config>,
  config: Config,
  ports: HostPorts,
): ComposedService => {
  const { name, tables } = service
  const { clock, ids, random, lanes, metrics } = ports
  const tracing = ports.tracing?.of(name)
  const logger = ports.logger(name)
  const url = ports.databaseUrlOf(tables.schema)
  const database = openDatabase({ url, name, connections: ports.connections })
  const stores = createPostgresStores({ service: name, url, database, tables, clock, ids })
  const runtime = createRuntime(
    service,
    [
      bindValue(kit.Database, database),
      bindValue(kit.Redis, ports.redis),
      bindValue(kit.Cursors, ports.cursors),
      ...(ports.bindings ?? []),
      ...service.module(config),
    ],
    stores,
    {
      clock,
      ids,
      random,
      transport: tracing?.transport(ports.transport) ?? ports.transport,
      lane: lanes.lane,
      retries: ports.retries,
      trace: tracedOperations(tracing?.inSpan, metrics.traceOperation),
      inSpan: tracing?.inSpan,
      observe: observeDispatch(metrics.messages, logger),
      onRelayFailure: ({ key, type }, reason) => {
        metrics.relayFailure(name, type)
        logger.warn({ key, type, reason }, 'delivery failed')
      },
    },
  )
  checkRoutes(service.routes, runtime)
  lanes.register(name, runtime.dispatcher.respond)
  metrics.backlogs.outbox(name, stores.outbox, clock)
  metrics.backlogs.deadLetters(name, () => countDeadLetters(database, tables.bus))
  const { sagas } = tables
  if (sagas) metrics.backlogs.sagas(name, () => countSagas(database, sagas))

  return {
    name,
    logger,
    runtime,
    outbox: stores.outbox,
    http: (authenticate) =>
      createHttpApp({
        ...ports.http,
        service: name,
        title: service.title,
        version: CONTRACT_VERSION,
        routes: service.routes.filter(({ developmentOnly }) => ports.development || !developmentOnly),
        buses: runtime.buses,
        resolve: runtime.resolve,
        logger,
        observe: metrics.observeRequest,
        trace: tracing?.startRequest,
        authenticate,
      }),
    ready: database.ping,
    onCommit: stores.store.onCommit,
    prune: async () => {
      const now = clock.now()
      await stores.inbox.prune(addMs(now, -KEEP_INBOX_MS))
      await stores.idempotency.prune(addMs(now, -KEEP_ANSWERS_MS))
      await stores.sagas?.prune(addMs(now, -KEEP_SAGAS_MS))
    },
    dispose: async () => {
      await stores.outbox.release()
      await database.close()
    },
  }
}

/** Every route leads to a handler, or the start stops. */
const checkRoutes = (routes: ServiceDefinition['routes'], { name, buses }: Runtime): void => {
  const handled = new Set(buses.definitions)
  for (const route of routes)
    if (route.kind === 'route' && !handled.has(route.definition))
      throw new Error(
        `${name} has no handler for "${route.definition.type}". help: list it under commands or queries in service.ts.`,
      )
}
