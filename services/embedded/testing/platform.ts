import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { addMs, type Clock, type Instant, systemClock } from '#domain/kernel/clock.ts'
import type { Buses } from '#bus/cqrs/buses.ts'
import type { MemoryTransportOptions } from '#bus/transports/memory/memory.ts'
import type { RateLimiter } from '#services/kit/redis/rate-limit.ts'
import type { Redis } from '#services/kit/redis/redis.ts'
import { loadConfig } from '#services/kit/config.ts'
import { createLogger } from '#services/kit/logging.ts'
import { loadOrCreateSecrets, type Secrets, secretVariables } from '#services/kit/secrets.ts'
import { user } from '#services/user/service.ts'
import type { Tracing } from '#services/kit/tracing.ts'
import { createTestDatabase } from '#services/kit/testing/database.ts'
import { control } from '#services/payment/sandbox/testing/start-sandbox.ts'
import { z } from 'zod'
import { type Platform, startPlatform } from '../platform.ts'
import { createTestClient, type TestClient } from './client.ts'
import { emptyRedisUrl } from './empty-redis.ts'
import { freePorts } from '#services/kit/testing/free-ports.ts'

/** A clock that a test can put forward. */
export interface MovableClock extends Clock {
  forward(ms: number): void
  /** How far it is ahead of the machine's. */
  aheadMs(): number
  /** From now on it moves only when it is put forward. */
  freeze(): void
}

export const createMovableClock = (): MovableClock => {
  let aheadMs = 0
  let frozen: Instant | undefined
  return {
    now: () => addMs(frozen ?? systemClock.now(), aheadMs),
    forward: (ms) => {
      aheadMs += ms
    },
    aheadMs: () => aheadMs,
    freeze: () => {
      frozen ??= systemClock.now()
    },
  }
}

/** The payment sandbox as a process of its own. */
export interface SandboxProcess {
  readonly baseUrl: string
  kill(): Promise<void>
}

const Ready = z.object({ ready: z.literal(true), baseUrl: z.string() })

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) =>
    child.exitCode !== null || child.signalCode ? resolve() : child.once('exit', () => resolve()),
  )

export const startSandboxProcess = async (
  directory: string,
  secrets: Secrets,
  webhookUrl: string,
  port = 0,
): Promise<SandboxProcess> => {
  const main = new URL('../../payment/sandbox/main.ts', import.meta.url).pathname
  const flags = {
    port: String(port),
    database: join(directory, 'sandbox.sqlite'),
    'api-key': secrets.stripeSecretKey,
    'webhook-secret': secrets.stripeWebhookSecret,
    'webhook-url': webhookUrl,
    'webhook-retry-base-ms': '50',
  }
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout })) {
    const { baseUrl } = Ready.parse(JSON.parse(line))
    return {
      baseUrl,
      kill: async () => {
        child.kill('SIGKILL')
        await ended(child)
      },
    }
  }
  throw new Error('The payment sandbox did not start.')
}

/** A platform that tests reach by its doors: all in this process, or a process for each service. */
export interface PlatformUnderTest {
  readonly client: TestClient
  readonly secrets: Secrets
  readonly clock: MovableClock
  readonly sandbox: { readonly baseUrl: string }
  /** The Worker's own port, past the API's. */
  readonly catalogUrl: string | undefined
  /** Whose access tokens are good. */
  readonly issuer: string
  /** The user service's commands as an operator's job gives them. */
  readonly operator: Pick<Buses, 'execute'>
  /** The sandbox's own doors: faults, its books, what a bank does. */
  readonly provider: ReturnType<typeof control>
  readonly databaseUrl: string
  readonly directory: string
  /** Brings a message to a service past the outbox of its sender. */
  receive(service: 'user' | 'learning' | 'payment', body: string): Promise<void>
  /** Lets time pass for the platform and the provider alike; their clocks must not differ by more than five minutes. */
  forward(ms: number): Promise<void>
  stop(): Promise<void>
}

export interface TestPlatform extends PlatformUnderTest {
  readonly platform: Platform
  readonly sandbox: SandboxProcess
}

export interface TestPlatformOptions {
  /** With the catalog Worker; left out by default. */
  readonly catalog?: boolean
  readonly rateLimitPerMinute?: number
  readonly rateLimiter?: RateLimiter
  /** A server of the test's own; a database of the shared one by default. */
  readonly databaseUrl?: string
  /** In place of that of REDIS_URL. */
  readonly redis?: Redis
  /** Takes every line of the log, in place of a log of errors on the standard output. */
  readonly log?: (line: string) => void
  /** Where its spans go. */
  readonly tracing?: Tracing
  /** How messages travel. */
  readonly transport?: MemoryTransportOptions
}

/** The database that was given stays as it is. */
const databaseOf = async ({ databaseUrl }: TestPlatformOptions) =>
  databaseUrl === undefined ? createTestDatabase() : { url: databaseUrl, drop: () => Promise.resolve() }

/**
 * Starts the platform in this process on a database, a sandbox process and ports of its own. `npm test` gives it the
 * embedded stores, CI also servers (DATABASE_URL, REDIS_URL).
 */
export const startTestPlatform = async (options: TestPlatformOptions = {}): Promise<TestPlatform> => {
  const directory = await mkdtemp(join(tmpdir(), 'education-platform-'))
  const secrets = await loadOrCreateSecrets(directory)
  const database = await databaseOf(options)
  const redisUrl = await emptyRedisUrl()
  const clock = createMovableClock()
  const port = await freePorts(1)
  const sandbox = await startSandboxProcess(directory, secrets, `http://127.0.0.1:${port}/v1/webhooks/stripe`)
  const provider = control(sandbox.baseUrl, secrets.stripeSecretKey)
  const { catalog = false, rateLimitPerMinute = 100_000 } = options
  const platform = await startPlatform({
    directory,
    host: '127.0.0.1',
    ports: { api: port, catalog: catalog ? 0 : undefined, sandbox: undefined },
    secrets,
    variables: {
      ...secretVariables(secrets),
      DATABASE_URL: database.url,
      REDIS_URL: redisUrl,
      STRIPE_BASE_URL: sandbox.baseUrl,
    },
    loggerOf: (service) =>
      createLogger(options.log ? { level: 'debug', service, write: options.log } : { level: 'error', service }),
    clock,
    demoLogins: Object.entries(secrets.demo).map(([label, login]) => ({ label, ...login })),
    ...(options.redis && { redis: options.redis }),
    tracing: options.tracing,
    ...(options.transport && { transport: options.transport }),
    rateLimitPerMinute,
    ...(options.rateLimiter && { rateLimiter: options.rateLimiter }),
  }).catch(async (error: unknown) => {
    await sandbox.kill()
    throw error
  })
  const documents = ['user', 'learning', 'payment'].map((name) => `/openapi/${name}.json`)
  const client = await createTestClient(
    platform.apiUrl,
    catalog ? [...documents, '/catalog/v1/openapi.json'] : documents,
  )
  return {
    platform,
    operator: platform.services.user.runtime.buses,
    issuer: loadConfig(user.config, secretVariables(secrets)).jwt.issuer,
    catalogUrl: platform.catalogUrl,
    client,
    secrets,
    clock,
    sandbox,
    databaseUrl: database.url,
    directory,
    provider,
    receive: (service, body) =>
      platform.services[service].runtime.dispatcher.receive({ body, attempt: 1, lastAttempt: false }),
    forward: async (ms) => {
      await provider.moveClock(clock.aheadMs() + ms)
      clock.forward(ms)
    },
    stop: async () => {
      await platform.stop(0)
      await sandbox.kill()
      await database.drop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
