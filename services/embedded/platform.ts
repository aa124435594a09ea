import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { type Clock, systemClock } from '#domain/kernel/clock.ts'
import type { SessionId } from '#domain/kernel/ids.ts'
import { Users } from '#bus/patterns/user.ts'
import { createMemoryLane, createRequester } from '#bus/request-reply/requester.ts'
import { createMemoryTransport, type MemoryTransportOptions } from '#bus/transports/memory/memory.ts'
import { startCatalogWorker } from '#edge/catalog/workerd.ts'
import { Hono } from 'hono'
import { createAuthenticate } from '#services/kit/auth/authenticate.ts'
import { createIssuer } from '#services/kit/auth/issuer.ts'
import { createSessionCheck } from '#services/kit/auth/sessions.ts'
import { createVerifier } from '#services/kit/auth/verifier.ts'
import { type ConfigSource, loadConfig } from '#services/kit/config.ts'
import { healthRoutes } from '#services/kit/hosts/health.ts'
import { assertPortFree, listen } from '#services/kit/hosts/listener.ts'
import type { HostPorts } from '#services/kit/hosts/compose-service.ts'
import { type RunningService, runService } from '#services/kit/hosts/run-service.ts'
import { mountHttpApps } from '#services/kit/http/app.ts'
import { createCursors } from '#services/kit/http/cursor.ts'
import { createExplorer, type ExplorerOptions } from '#services/kit/http/explorer.ts'
import { createProblemPages } from '#services/kit/http/problem-pages.ts'
import { systemIds } from '#services/kit/ids.ts'
import type { Logger } from '#services/kit/logging.ts'
import { createMetrics } from '#services/kit/metrics.ts'
import { migrateServices, serviceUrl } from '#services/kit/postgres/migrate.ts'
import { createRateLimiter, type RateLimiter } from '#services/kit/redis/rate-limit.ts'
import type { Redis } from '#services/kit/redis/redis.ts'
import type { Secrets } from '#services/kit/secrets.ts'
import type { Tracing } from '#services/kit/tracing.ts'
import { CatalogProjector } from '#services/learning/ports.ts'
import { learning } from '#services/learning/service.ts'
import { payment } from '#services/payment/service.ts'
import { createSandbox } from '#services/payment/sandbox/sandbox.ts'
import { user } from '#services/user/service.ts'
import { catalogProxy, notNow } from './catalog-proxy.ts'
import { openPostgres, openRedis, openRestDoor } from './stores.ts'

export interface PlatformOptions {
  readonly directory: string
  readonly host: string
  /** 0 takes a free one; `undefined` leaves that part out. */
  readonly ports: { readonly api: number; readonly catalog?: number | undefined; readonly sandbox?: number | undefined }
  readonly secrets: Secrets
  /** Configuration of the services, as variables. */
  readonly variables: ConfigSource
  /** Makes the logger of a part. */
  readonly loggerOf: (service: string) => Logger
  readonly clock?: Clock
  /** Absent: nothing is traced. Whoever opened it closes it. */
  readonly tracing?: Tracing | undefined
  readonly transport?: MemoryTransportOptions
  /** In place of that of REDIS_URL. */
  readonly redis?: Redis
  readonly demoLogins?: ExplorerOptions['demoLogins']
  readonly rateLimitPerMinute?: number
  /** In place of one that counts in Redis. */
  readonly rateLimiter?: RateLimiter
}

export interface Platform {
  readonly apiUrl: string
  readonly catalogUrl: string | undefined
  readonly paymentsUrl: string
  readonly database: string
  /** Everything that the API's listener routes, beside what answers the rest. */
  readonly routes: readonly { readonly method: string; readonly path: string }[]
  readonly services: {
    readonly user: RunningService
    readonly learning: RunningService
    readonly payment: RunningService
  }
  /** Turns balancers away for `graceMs`, finishes what is under way and lets go of everything. */
  stop(graceMs: number): Promise<void>
}

/** How fine the jitter of retries is. */
const RANDOM_STEPS = 2 ** 32

/**
 * Starts every service, the payment sandbox and the catalog Worker in this process and beside it. What fails stops all
 * that was started.
 */
export const startPlatform = async (options: PlatformOptions): Promise<Platform> => {
  const stack = new AsyncDisposableStack()
  try {
    return await start(options, stack)
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

const start = async (options: PlatformOptions, stack: AsyncDisposableStack): Promise<Platform> => {
  const { directory, host, ports, loggerOf, clock = systemClock } = options
  const logger = loggerOf('platform')
  const metrics = createMetrics()
  let fetch: Parameters<typeof listen>[0] = notNow
  const api = await listen((request, env) => fetch(request, env), ports.api, host)
  stack.defer(() => api.drain(0))
  // Said before anything is started, and by name: workerd and the sandbox would fail late and in words of their own.
  for (const port of [ports.catalog, ports.sandbox]) if (port !== undefined) await assertPortFree(port, host)
  const apiUrl = `http://${host}:${api.port}`

  const [database, redis] = await Promise.all([
    openPostgres(options.variables['DATABASE_URL'], directory),
    openRedis(options.redis ?? options.variables['REDIS_URL'], metrics, logger),
  ])
  stack.defer(database.stop)
  stack.defer(() => redis.close())
  await migrateServices(database.url, [user.tables, learning.tables, payment.tables])

  const paymentsUrl = await startSandbox(options, apiUrl, stack)
  const variables: ConfigSource = { ...options.variables, STRIPE_BASE_URL: paymentsUrl }
  const transport = createMemoryTransport(options.transport)
  const hostPorts: HostPorts = {
    databaseUrlOf: (schema) => serviceUrl(database.url, schema),
    development: true,
    redis,
    transport,
    lanes: createMemoryLane(),
    clock,
    ids: systemIds,
    random: () => randomInt(RANDOM_STEPS) / RANDOM_STEPS,
    cursors: createCursors(options.secrets.cursorSecret),
    logger: loggerOf,
    metrics,
    tracing: options.tracing,
    http: {
      rateLimiter: options.rateLimiter ?? createRateLimiter(redis, { clock }),
      rateLimit: { limit: options.rateLimitPerMinute ?? 600, windowSeconds: 60 },
    },
  }
  // All of it is read before a service starts: what is relayed before its subscriber is connected would be lost on it.
  const config = {
    user: loadConfig(user.config, variables),
    learning: loadConfig(learning.config, variables),
    payment: loadConfig(payment.config, variables),
  }
  const services = {
    user: runService(user, config.user, hostPorts),
    learning: runService(learning, config.learning, hostPorts),
    payment: runService(payment, config.payment, hostPorts),
  }
  const all = Object.values(services)
  stack.defer(async () => {
    await Promise.all(all.map((service) => service.drain()))
    await transport.close()
    await Promise.all(all.map((service) => service.stop()))
  })

  // The Redis inside this process begins empty.
  await services.learning.runtime
    .resolve(CatalogProjector)
    .repair()
    .catch((err: unknown) => logger.warn({ err }, 'the catalog is not rebuilt yet'))

  const authenticate = await authenticateBy(config.user.jwt, hostPorts)
  const app = new Hono()
  app.get('/', ({ redirect }) => redirect('/docs'))
  app.route('/', healthRoutes({ ready: () => readyAll(all), draining: api.draining, metrics: metrics.text }))
  const catalogUrl = await startCatalog(options, redis, stack)
  if (catalogUrl !== undefined) catalogProxy(app, catalogUrl)
  app.route('/', createExplorer({ documents: documentsOf(all, catalogUrl), demoLogins: options.demoLogins }))
  const apps = all.map((service) => service.http(authenticate))
  app.route('/', createProblemPages(apps.flatMap(({ operations }) => operations)))
  const trace = options.tracing?.of('platform').startRequest
  mountHttpApps(app, apps, { logger, observe: metrics.observeRequest, trace })
  fetch = app.fetch

  return {
    apiUrl,
    catalogUrl,
    paymentsUrl,
    database: database.what,
    routes: app.routes.map(({ method, path }) => ({ method, path })),
    services,
    stop: async (graceMs) => {
      // Intake ends before anything that a request needs.
      await api.drain(graceMs)
      await stack.disposeAsync()
    },
  }
}

const readyAll = async (services: readonly RunningService[]): Promise<void> => {
  await Promise.all(services.map((service) => service.ready()))
}

const documentsOf = (services: readonly RunningService[], catalogUrl: string | undefined) => [
  ...services.map(({ name }) => ({ name, url: `/openapi/${name}.json` })),
  ...(catalogUrl === undefined ? [] : [{ name: 'catalog', url: '/catalog/v1/openapi.json' }]),
]

const startSandbox = async (
  { directory, host, ports, secrets, variables, clock = systemClock }: PlatformOptions,
  apiUrl: string,
  stack: AsyncDisposableStack,
): Promise<string> => {
  // Another provider, such as Stripe itself, takes the place of the sandbox.
  const given = variables['STRIPE_BASE_URL']
  if (given !== undefined) return given
  if (ports.sandbox === undefined) throw new Error('Without a sandbox of its own the platform needs STRIPE_BASE_URL.')
  const sandbox = createSandbox({
    database: join(directory, 'sandbox.sqlite'),
    apiKey: secrets.stripeSecretKey,
    webhookSecret: secrets.stripeWebhookSecret,
    webhookUrl: `${apiUrl}/v1/webhooks/stripe`,
    now: () => Date.parse(clock.now()),
  })
  stack.defer(sandbox.close)
  return (await sandbox.listen(ports.sandbox, host)).baseUrl
}

const startCatalog = async (
  { host, ports, secrets }: PlatformOptions,
  redis: Parameters<typeof openRestDoor>[0],
  stack: AsyncDisposableStack,
): Promise<string | undefined> => {
  if (ports.catalog === undefined) return undefined
  const tokens = { write: secrets.redisRestToken, readOnly: secrets.redisRestReadOnlyToken }
  const door = await openRestDoor(redis, tokens, [])
  stack.defer(door.close)
  const worker = await startCatalogWorker({
    redisUrl: door.url,
    redisToken: tokens.readOnly,
    cursorSecret: secrets.cursorSecret,
    port: ports.catalog,
    hostname: host,
  })
  stack.defer(() => worker.stop())
  return `http://${host}:${worker.port}`
}

const authenticateBy = async (
  jwt: { readonly privateKeyPem: string; readonly issuer: string; readonly audience: string },
  { redis, lanes, clock, ids, tracing }: HostPorts,
) => {
  const { jwks } = await createIssuer(jwt)
  const requester = createRequester({
    service: 'gateway',
    lane: lanes.lane,
    clock,
    ids,
    inSpan: tracing?.of('platform').inSpan,
  })
  // Shared by all requests of a session that wait for it, so it goes on from none of them.
  const ask = async (sid: SessionId): Promise<boolean> => {
    const origin = { correlationId: ids.next('cor') }
    return (await requester.request(Users.CheckSession, { sid }, { origin })).active
  }
  const verifier = createVerifier({ issuer: jwt.issuer, audience: jwt.audience, jwks, clock })
  return createAuthenticate({ verifier, sessions: createSessionCheck({ redis, ask }) })
}
