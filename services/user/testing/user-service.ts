import { generateKeyPairSync } from 'node:crypto'
import { addMs, type Clock, systemClock } from '#domain/kernel/clock.ts'
import type { MessageDefinition } from '#domain/kernel/message.ts'
import type { Role } from '#bus/cqrs/actor.ts'
import { Users } from '#bus/patterns/user.ts'
import { createMemoryLane, createRequester } from '#bus/request-reply/requester.ts'
import { createMemoryTransport } from '#bus/transports/memory/memory.ts'
import { createAuthenticate } from '#services/kit/auth/authenticate.ts'
import { createIssuer } from '#services/kit/auth/issuer.ts'
import { createSessionCheck } from '#services/kit/auth/sessions.ts'
import { createVerifier } from '#services/kit/auth/verifier.ts'
import { loadConfig } from '#services/kit/config.ts'
import { runService } from '#services/kit/hosts/run-service.ts'
import { createCursors } from '#services/kit/http/cursor.ts'
import { systemIds } from '#services/kit/ids.ts'
import { createLogger } from '#services/kit/logging.ts'
import { createMetrics } from '#services/kit/metrics.ts'
import { migrateServices, serviceUrl } from '#services/kit/postgres/migrate.ts'
import { createEngine } from '#services/kit/redis/engine.ts'
import { createRateLimiter } from '#services/kit/redis/rate-limit.ts'
import { type Redis, RedisUnavailable } from '#services/kit/redis/redis.ts'
import { Database } from '#services/kit/ports.ts'
import { createTestDatabase } from '#services/kit/testing/database.ts'
import postgres from 'postgres'
import { forgetStrayIdentities } from '../jobs/forget-stray-identities.ts'
import { purgeExpired } from '../jobs/purge-expired.ts'
import { MailedTokens, OneTimeTokenRepository } from '../ports.ts'
import { provision } from '../provision.ts'
import { user } from '../service.ts'

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

/** A Redis that can be taken away. */
const breakable = (engine: Redis) => {
  let isDown = false
  const guard = () => {
    if (isDown) throw new RedisUnavailable('taken away by a test')
  }
  const redis: Redis = {
    command: async (...command) => {
      guard()
      return engine.command(...command)
    },
    pipeline: async (commands) => {
      guard()
      return engine.pipeline(commands)
    },
    script: async (script, keys, args) => {
      guard()
      return engine.script(script, keys, args)
    },
    onConnect: engine.onConnect,
    close: engine.close,
  }
  return { redis, setDown: (down: boolean) => (isDown = down) }
}

/** Goes on by itself, and further when a test says so. */
const createMovableClock = (): Clock & { advance(ms: number): void } => {
  let offsetMs = 0
  return {
    now: () => addMs(systemClock.now(), offsetMs),
    advance: (ms) => {
      offsetMs += ms
    },
  }
}

export type UserService = Awaited<ReturnType<typeof startUserService>>

/** The whole service on a database of its own, without a listener: requests go to `fetch`. */
export const startUserService = async ({
  development = true,
  variables = {},
}: {
  development?: boolean
  variables?: Readonly<Record<string, string>>
} = {}) => {
  const database = await createTestDatabase()
  await migrateServices(database.url, [user.tables])
  const clock = createMovableClock()
  const { redis, setDown } = breakable(createEngine({ now: () => Date.parse(clock.now()) }))
  const lanes = createMemoryLane()
  const transport = createMemoryTransport()
  const metrics = createMetrics({ process: false })
  const config = loadConfig(user.config, { ...variables, JWT_PRIVATE_KEY: privateKey, TOKEN_SECRET: 'test'.repeat(8) })
  const service = runService(user, config, {
    databaseUrlOf: (schema) => serviceUrl(database.url, schema),
    development,
    redis,
    transport,
    lanes,
    clock,
    ids: systemIds,
    random: () => 0.5,
    logger: (name) => createLogger({ level: 'silent', service: name }),
    metrics,
    http: { rateLimiter: createRateLimiter(redis, { clock }) },
    cursors: createCursors('cursor'.repeat(6)),
  })

  const requester = createRequester({ service: 'test', lane: lanes.lane, clock, ids: systemIds })
  const own = createRequester({ service: 'user', lane: lanes.lane, clock, ids: systemIds })
  const origin = { correlationId: 'test' }
  const { jwks } = await createIssuer(config.jwt)
  let checks = 0
  const authenticate = createAuthenticate({
    verifier: createVerifier({ ...config.jwt, jwks, clock }),
    sessions: createSessionCheck({
      redis,
      ask: async (sid) => (await requester.request(Users.CheckSession, { sid }, { origin })).active,
      // No two checks fall into the second for which a process believes a verdict.
      now: () => (checks += 1_001),
    }),
  })
  const http = service.http(authenticate)
  const sql = postgres(database.url, { max: 2, onnotice: () => undefined })
  const { resolve } = service.runtime

  return {
    clock,
    requester,
    origin,
    /** Sends a message as the service sends it to itself; the same key is the same intent. */
    sendOwn: <In, Out>(definition: MessageDefinition<In, Out>, input: NoInfer<In>, idempotencyKey: string) =>
      own.request(definition, input, { origin, idempotencyKey }),
    http,
    sql,
    timers: service.runtime.timers,
    /** Statements sent to the database so far. */
    statements: () => resolve(Database).statements(),
    redis,
    transport,
    metrics,
    /** Whether a mailed token can be redeemed by now: its mail leaves before the commit that stores its hash. */
    isStored: async (mailed: string): Promise<boolean> => {
      const token = resolve(MailedTokens).read(mailed)
      return token !== undefined && (await resolve(OneTimeTokenRepository).load(token.id)) !== undefined
    },
    purgeExpired: purgeExpired.bind(resolve),
    forgetStrayIdentities: forgetStrayIdentities.bind(resolve),
    drain: service.drain,
    setRedisDown: setDown,
    provision: (email: string, password: string, roles: readonly Role[]) =>
      provision(service.runtime.buses, { email, password, roles, displayName: email.replace(/@.*/, '') }),
    stop: async () => {
      await service.stop()
      await sql.end()
      await database.drop()
    },
  }
}
