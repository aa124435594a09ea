import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type Clock, systemClock } from '#domain/kernel/clock.ts'
import type { SessionId } from '#domain/kernel/ids.ts'
import { Users } from '#bus/patterns/user.ts'
import { createRequester } from '#bus/request-reply/requester.ts'
import { createRetries } from '#bus/request-reply/retries.ts'
import { type AwsClients, createAwsClients } from '#bus/transports/aws/clients.ts'
import type { ConsumerTuning } from '#bus/transports/aws/consumer.ts'
import { createAwsTransport } from '#bus/transports/aws/transport.ts'
import { Hono } from 'hono'
import { createAuthenticate } from '../auth/authenticate.ts'
import { readKeySet } from '../auth/read-key-set.ts'
import { createRemoteVerifier } from '../auth/remote-verifier.ts'
import { createSessionCheck } from '../auth/sessions.ts'
import { ConfigError, type ConfigSource, environment, loadConfig } from '../config.ts'
import { forwardedAddress } from '../http/admission.ts'
import { mountHttpApps } from '../http/app.ts'
import { createCursors } from '../http/cursor.ts'
import { systemIds } from '../ids.ts'
import { createLogger, type Logger } from '../logging.ts'
import { createMetrics } from '../metrics.ts'
import { withBreaker } from '../redis/breaker.ts'
import { createRateLimiter } from '../redis/rate-limit.ts'
import { connectRedis } from '../redis/server.ts'
import type { ServiceDefinition } from '../service.ts'
import { openTracing } from '../tracing.ts'
import type { HostPorts } from './compose-service.ts'
import { ContainerConfig } from './container-config.ts'
import { healthRoutes } from './health.ts'
import { openContainerLanes } from './lanes.ts'
import { listen } from './listener.ts'
import { runService } from './run-service.ts'

/** A service that runs alone in its process. */
export interface Container {
  /** The public API. */
  readonly port: number
  /** Health, metrics and the messages of other services. */
  readonly internalPort: number
  /** Says "not ready", finishes what is under way and lets go of everything. */
  stop(): Promise<void>
}

export interface ContainerOptions {
  readonly source?: ConfigSource
  readonly clock?: Clock
  /** How its queues are consumed, in place of what fits production. */
  readonly consumer?: ConsumerTuning
  /** Requests of one caller in a minute; 600 when not given. */
  readonly rateLimitPerMinute?: number
  /** Told of the clients of AWS before anything uses them; test hosts put faults between them and AWS. */
  readonly onClients?: (clients: AwsClients) => Promise<void>
}

/** How fine the jitter of retries is. */
const RANDOM_STEPS = 2 ** 32
/** Messages of one queue handled at the same time; those of both queues find a connection each. */
const CONSUMED_AT_ONCE = 8
const CONNECTIONS = 16
const REDIS_PATIENCE_MS = 1_000

/**
 * Starts one service with its public and its internal listener, on stores, queues and event bus that exist already.
 * Throws `ConfigError` and `PortInUse`; what fails stops all that was started.
 */
export const startContainer = async <Config>(
  service: ServiceDefinition<Config>,
  options: ContainerOptions = {},
): Promise<Container> => {
  const stack = new AsyncDisposableStack()
  try {
    return await start(service, options, stack)
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

const start = async <Config>(
  service: ServiceDefinition<Config>,
  { source = environment, clock = systemClock, consumer, rateLimitPerMinute = 600, onClients }: ContainerOptions,
  stack: AsyncDisposableStack,
): Promise<Container> => {
  const config = loadConfig(ContainerConfig, source)
  const own = loadConfig(service.config, source)
  const metrics = createMetrics()
  const loggerOf = (name: string): Logger => createLogger({ level: config.LOG_LEVEL, service: name })
  const logger = loggerOf(service.name)
  const tracing = await openTracing(config, logger)
  stack.defer(() => tracing?.close())
  const random = () => randomInt(RANDOM_STEPS) / RANDOM_STEPS

  const server = connectRedis({
    url: config.REDIS_URL,
    onConnectionError: (err) => logger.warn({ err }, 'Redis is out of reach'),
  })
  const redis = withBreaker(server, { onChange: metrics.redisBreaker })
  stack.defer(() => redis.close())
  // Jobs begin at once and want it; one that is away does not hold up the start.
  await Promise.race([new Promise<void>((resolve) => server.onConnect(resolve)), delay(REDIS_PATIENCE_MS)])
  const clients = createAwsClients({ region: config.AWS_REGION, endpoint: config.AWS_ENDPOINT_URL })
  stack.defer(clients.close)
  await onClients?.(clients)
  const transport = createAwsTransport({
    clients,
    prefix: config.QUEUE_PREFIX,
    random,
    consumer: { concurrency: CONSUMED_AT_ONCE, ...consumer },
    // A message that could not be handled is told of where that happened.
    onProblem: ({ queue, work, error }) => {
      if (work !== 'handle') logger.warn({ err: error, queue, work }, 'queue trouble')
    },
  })
  const lanes = openContainerLanes({
    service: service.name,
    tables: service.tables,
    config,
    clients,
    clock,
    ids: systemIds,
    random,
    metrics,
    logger,
  })
  stack.defer(lanes.dispose)
  const retries = createRetries(random)
  const ports: HostPorts = {
    databaseUrlOf: () => config.DATABASE_URL,
    development: config.APP_ENV === 'development',
    redis,
    transport,
    lanes,
    retries,
    clock,
    ids: systemIds,
    random,
    cursors: createCursors(config.CURSOR_SECRET),
    connections: CONNECTIONS,
    logger: loggerOf,
    metrics,
    tracing,
    http: {
      rateLimiter: createRateLimiter(redis, { clock }),
      rateLimit: { limit: rateLimitPerMinute, windowSeconds: 60 },
      clientAddress: forwardedAddress(config.TRUSTED_PROXIES),
    },
  }
  const running = runService(service, own, ports)
  stack.defer(running.stop)

  let draining = false
  const inside = new Hono()
  inside.route('/', healthRoutes({ ready: running.ready, draining: () => draining, metrics: metrics.text }))
  inside.route('/', lanes.internal)
  const internal = await listen(inside.fetch, config.INTERNAL_PORT, config.HOST)
  stack.defer(() => internal.drain(0))
  // A stop begins with these, last first: nothing new is taken out of a queue, and what was asked is answered.
  stack.defer(lanes.closeAnswering)
  stack.defer(lanes.closeAsking)
  stack.defer(transport.close)
  lanes.start()

  const requester = createRequester({
    service: service.name,
    lane: lanes.lane,
    clock,
    ids: systemIds,
    retries,
    inSpan: tracing?.of(service.name).inSpan,
  })
  const ask = async (sid: SessionId): Promise<boolean> => {
    const origin = { correlationId: systemIds.next('cor') }
    return (await requester.request(Users.CheckSession, { sid }, { origin })).active
  }
  const verifier = createRemoteVerifier({
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
    load: readKeySet(config.JWKS_URL),
    clock,
  })
  const app = new Hono()
  const http = running.http(createAuthenticate({ verifier, sessions: createSessionCheck({ redis, ask }) }))
  mountHttpApps(app, [http], { logger, observe: metrics.observeRequest, trace: tracing?.of(service.name).startRequest })
  const api = await listen(app.fetch, config.PORT, config.HOST)
  logger.info({ port: api.port, internalPort: internal.port }, 'ready')
  return {
    port: api.port,
    internalPort: internal.port,
    stop: async () => {
      draining = true
      logger.info('stopping')
      await api.drain(config.SHUTDOWN_GRACE_MS)
      await stack.disposeAsync()
      logger.info('stopped')
    },
  }
}

/** The whole life of a process that runs one service: it ends after the first SIGTERM or SIGINT, once it has drained. */
export const runContainer = async <Config>(
  service: ServiceDefinition<Config>,
  options: ContainerOptions = {},
): Promise<void> => {
  try {
    const container = await startContainer(service, options)
    const { promise: stopped, resolve } = Promise.withResolvers<void>()
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
    await stopped
    await container.stop()
    process.exit(0)
  } catch (error) {
    const text =
      error instanceof ConfigError || !(error instanceof Error) ? String(error) : (error.stack ?? error.message)
    process.stderr.write(`${text}\n`)
    process.exit(1)
  }
}
