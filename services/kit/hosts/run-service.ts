import { addMs, type Clock, DAY, HOUR } from '#domain/kernel/clock.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import { type Loop, startLoop } from '#bus/outbox/loop.ts'
import { countDeadLetters, countSagas } from '#bus/postgres/counts.ts'
import { openDatabase } from '#bus/postgres/database.ts'
import type { createMemoryLane } from '#bus/request-reply/requester.ts'
import type { Retries } from '#bus/request-reply/retries.ts'
import type { Transport } from '#bus/transports/transport.ts'
import { createHttpApp, type HttpApp, type HttpAppOptions } from '../http/app.ts'
import { CONTRACT_VERSION } from '../http/document/service-document.ts'
import type { Cursors } from '../http/cursor.ts'
import type { Logger } from '../logging.ts'
import type { Metrics } from '../metrics.ts'
import { type Binding, bindValue } from '../module.ts'
import * as kit from '../ports.ts'
import { serviceUrl } from '../postgres/migrate.ts'
import type { Redis } from '../redis/redis.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import type { ServiceDefinition } from '../service.ts'
import { observeDispatch } from './observe-dispatch.ts'
import { createPostgresStores } from './stores.ts'

/** What a host gives to each of its services. */
export interface HostPorts {
  /** The owner's URL; the service connects with its own role. */
  readonly databaseUrl: string
  readonly redis: Redis
  readonly transport: Transport
  readonly lanes: Pick<ReturnType<typeof createMemoryLane>, 'lane' | 'register'>
  /** Of requests between processes; within one there is nothing to repeat. */
  readonly retries?: Retries | undefined
  /** Opens the routes that are for development only. */
  readonly development: boolean
  readonly clock: Clock
  readonly ids: Ids
  readonly random: () => number
  readonly logger: (service: string) => Logger
  readonly metrics: Metrics
  readonly http: Pick<HttpAppOptions, 'rateLimiter' | 'rateLimit' | 'allowedOrigins'>
  readonly cursors: Cursors
  /** Connections of each service's pool; 8 when not given. */
  readonly connections?: number | undefined
  /** More bindings, for all services. */
  readonly bindings?: readonly Binding[]
}

/** A service that runs: its doors are open for the host to mount. */
export interface RunningService {
  readonly name: string
  readonly runtime: Runtime
  readonly http: (authenticate: HttpAppOptions['authenticate']) => HttpApp
  /** Fails when the service cannot do its work now. */
  ready(): Promise<void>
  /** Takes no more work up and finishes what is under way; what others ask of it is answered still. */
  drain(): Promise<void>
  /** Drains it and lets go of everything. A host drains all of its services before it stops one. */
  stop(): Promise<void>
}

const RELAY_IDLE_MS = 250
const TIMER_IDLE_MS = 500
/** Inbox rows outlive every queue; answers to idempotency keys a day; ended sagas late messages. */
const KEEP_INBOX_MS = 30 * DAY
const KEEP_ANSWERS_MS = DAY
const KEEP_SAGAS_MS = 30 * DAY

/** Opens a service's stores, composes it and starts its loops: relay, timers and jobs. */
export const runService = <Config>(
  service: ServiceDefinition<Config>,
  config: Config,
  ports: HostPorts,
): RunningService => {
  const { name, tables } = service
  const { clock, ids, random, transport, lanes, metrics } = ports
  const logger = ports.logger(name)
  const url = serviceUrl(ports.databaseUrl, tables.schema)
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
      transport,
      lane: lanes.lane,
      retries: ports.retries,
      trace: metrics.traceOperation,
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

  const onError = (work: string) => (error: unknown) => logger.error({ err: error }, `${work} failed`)
  const relay = startLoop({
    round: runtime.relay,
    idleMs: RELAY_IDLE_MS,
    failedMs: RELAY_IDLE_MS,
    onError: onError('relay'),
  })
  stores.store.onCommit(relay.poke)

  const prune = async (): Promise<void> => {
    const now = clock.now()
    await stores.inbox.prune(addMs(now, -KEEP_INBOX_MS))
    await stores.idempotency.prune(addMs(now, -KEEP_ANSWERS_MS))
    await stores.sagas?.prune(addMs(now, -KEEP_SAGAS_MS))
  }
  const every = (everyMs: number, work: string, run: () => Promise<void>): Loop =>
    startLoop({
      round: () => run().then(() => 0),
      idleMs: everyMs,
      failedMs: Math.min(everyMs, 5_000),
      onError: onError(work),
    })
  const loops = [
    startLoop({ round: runtime.timers, idleMs: TIMER_IDLE_MS, failedMs: TIMER_IDLE_MS, onError: onError('timers') }),
    every(HOUR, 'prune', prune),
    ...service.jobs.map((job) => every(job.everyMs, job.name, job.bind(runtime.resolve))),
  ]

  const drain = async (): Promise<void> => {
    await Promise.all(loops.map((loop) => loop.stop()))
    await relay.stop()
  }

  return {
    name,
    runtime,
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
        authenticate,
      }),
    ready: async () => {
      await database.run('select 1', [])
    },
    drain,
    stop: async () => {
      await drain()
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
