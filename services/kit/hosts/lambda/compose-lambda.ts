import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type Clock, HOUR } from '#domain/kernel/clock.ts'
import type { SessionId } from '#domain/kernel/ids.ts'
import { Users } from '#bus/patterns/user.ts'
import { createRequester } from '#bus/request-reply/requester.ts'
import { createRetries } from '#bus/request-reply/retries.ts'
import { createClaims } from '#bus/transports/aws/claims.ts'
import { createAwsClients } from '#bus/transports/aws/clients.ts'
import { createRecordHandler } from '#bus/transports/aws/record.ts'
import { claimsBucketName } from '#bus/transports/aws/topology.ts'
import { createAwsTransport } from '#bus/transports/aws/transport.ts'
import { createAuthenticate } from '../../auth/authenticate.ts'
import { readKeySet } from '../../auth/read-key-set.ts'
import { createRemoteVerifier } from '../../auth/remote-verifier.ts'
import { createSessionCheck } from '../../auth/sessions.ts'
import { type ClientAddress, forwardedAddress } from '../../http/admission.ts'
import { createCursors } from '../../http/cursor.ts'
import { systemIds } from '../../ids.ts'
import { createLogger, type Logger } from '../../logging.ts'
import { withBreaker } from '../../redis/breaker.ts'
import { createRateLimiter } from '../../redis/rate-limit.ts'
import { connectRedis } from '../../redis/server.ts'
import type { ServiceDefinition } from '../../service.ts'
import { composeService } from '../compose-service.ts'
import { HttpEvent, type HttpResult, requestOf, resultOf } from './http-event.ts'
import type { LambdaConfig } from './lambda-config.ts'
import { openLambdaLanes } from './lambda-lanes.ts'
import { createQueueBatch, type QueueResult } from './queue-event.ts'
import { createSchedule } from './schedule.ts'
import { createShortRelay } from './short-relay.ts'
import { unscrapedMetrics } from './unscraped-metrics.ts'

/** A composed service and the three kinds of events that reach it; `leftMs` is how long it may work on one. */
export interface ComposedLambda {
  http(event: unknown, leftMs: number): Promise<HttpResult>
  queue(event: unknown, leftMs: number): Promise<QueueResult>
  schedule(leftMs: number): Promise<void>
}

/** Of one copy of a function, of which there may be many; it handles one request, or this many records, at a time. */
const CONNECTIONS = 4
const RANDOM_STEPS = 2 ** 32
const REDIS_PATIENCE_MS = 1_000
/** How long an answer waits for what it has left in the outbox; the schedule carries what does not leave in this time. */
const RELAY_BEFORE_ANSWER_MS = 1_000

/** The gateway is the one proxy that is always there, and says itself who called it. */
const callerAddress = (proxies: number): ClientAddress =>
  proxies > 1 ? forwardedAddress(proxies) : ({ env }) => env.sourceIp

/** Opens the stores of a service and composes it, once for all events of this process. What fails leaves nothing open. */
export const composeLambda = async <Config>(
  service: ServiceDefinition<Config>,
  own: Config,
  config: LambdaConfig,
  clock: Clock,
): Promise<ComposedLambda> => {
  await using stack = new AsyncDisposableStack()
  const startedMs = performance.now()
  // Written before the function is frozen, not when it goes on.
  const write = (line: string): void => void process.stdout.write(line)
  const loggerOf = (name: string): Logger => createLogger({ level: config.LOG_LEVEL, service: name, write })
  const logger = loggerOf(service.name)
  const metrics = unscrapedMetrics(logger)
  const random = () => randomInt(RANDOM_STEPS) / RANDOM_STEPS

  const triedRedis = Promise.withResolvers<void>()
  const server = connectRedis({
    url: config.REDIS_URL,
    onConnectionError: (err) => {
      logger.warn({ err }, 'Redis is out of reach')
      triedRedis.resolve()
    },
  })
  server.onConnect(triedRedis.resolve)
  const redis = withBreaker(server, { onChange: metrics.redisBreaker })
  stack.defer(() => redis.close())
  const clients = createAwsClients({ region: config.AWS_REGION, endpoint: config.AWS_ENDPOINT_URL })
  stack.defer(clients.close)
  const transport = createAwsTransport({ clients, prefix: config.QUEUE_PREFIX, random, consumes: false })
  const lanes = openLambdaLanes({ service: service.name, config, clock, logger })
  stack.defer(lanes.close)

  const composed = composeService(service, own, {
    databaseUrlOf: () => config.DATABASE_URL,
    connections: CONNECTIONS,
    development: config.APP_ENV === 'development',
    redis,
    transport,
    lanes,
    clock,
    ids: systemIds,
    random,
    cursors: createCursors(config.CURSOR_SECRET),
    logger: loggerOf,
    metrics,
    http: {
      rateLimiter: createRateLimiter(redis, { clock }),
      rateLimit: { limit: 600, windowSeconds: 60 },
      clientAddress: callerAddress(config.TRUSTED_PROXIES),
      compile: 'first request',
    },
  })
  stack.defer(composed.dispose)
  const { runtime, outbox, onCommit, prune } = composed

  const retries = createRetries(random)
  const requester = createRequester({ service: service.name, lane: lanes.lane, clock, ids: systemIds, retries })
  const ask = async (sid: SessionId): Promise<boolean> => {
    const origin = { correlationId: systemIds.next('cor') }
    return (await requester.request(Users.CheckSession, { sid }, { origin })).active
  }
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWKS_URL } = config
  const verifier = createRemoteVerifier({ issuer, audience, load: readKeySet(JWKS_URL), clock })
  const { fetch } = composed.http(createAuthenticate({ verifier, sessions: createSessionCheck({ redis, ask }) }))

  const relay = createShortRelay({ outbox, sweep: runtime.relay, random })
  let hasLeft = false
  onCommit(() => {
    hasLeft = true
  })
  /**
   * The function may be frozen for minutes after its answer, and the schedule comes once a minute: what it has written
   * leaves now, for one call of the event bus and 1 to 2 ms of the database (claim, take, let go). One that has written
   * nothing does not ask the database.
   */
  const relayWhatIsLeft = async (mostMs: number): Promise<void> => {
    if (!hasLeft) return
    hasLeft = false
    const over = new AbortController()
    try {
      await Promise.race([
        relay(performance.now() + mostMs),
        delay(mostMs, undefined, { signal: over.signal }).catch(() => undefined),
      ])
    } catch (err) {
      logger.error({ err }, 'relay failed')
    } finally {
      over.abort()
    }
  }

  const handle = createRecordHandler({
    receive: runtime.dispatcher.receive,
    claims: createClaims(clients, claimsBucketName(config.QUEUE_PREFIX)),
    maxAttempts: transport.capabilities.maxAttempts,
  })
  const handleBatch = createQueueBatch({
    handle,
    concurrency: CONNECTIONS,
    onFailure: (messageId, err) => logger.warn({ err, sqsMessageId: messageId }, 'record comes again'),
  })
  const runSchedule = createSchedule({
    relay,
    timers: runtime.timers,
    periodic: [
      { name: 'prune', everyMs: HOUR, run: prune },
      ...service.jobs.map(({ name, everyMs, bind }) => ({ name, everyMs, run: bind(runtime.resolve) })),
    ],
    clock,
    onFailure: (work, err) => logger.error({ err }, `${work} failed`),
  })

  // Both connections are made while the function starts; one that cannot be made shows in the first event.
  await Promise.all([
    Promise.race([triedRedis.promise, delay(REDIS_PATIENCE_MS)]),
    composed.ready().catch((err: unknown) => logger.warn({ err }, 'the database is out of reach')),
  ])
  stack.move()
  logger.info({ durationMs: Math.round(performance.now() - startedMs) }, 'composed')
  return {
    http: async (given, leftMs) => {
      const event = HttpEvent.parse(given)
      const { domainName, http } = event.requestContext
      const answer = lanes.isInternal(domainName) ? lanes.internal.fetch : fetch
      const result = await resultOf(await answer(requestOf(event), { sourceIp: http.sourceIp }))
      await relayWhatIsLeft(Math.min(leftMs, RELAY_BEFORE_ANSWER_MS))
      return result
    },
    queue: async (event, leftMs) => {
      const untilMs = performance.now() + leftMs
      const result = await handleBatch(event, leftMs)
      await relayWhatIsLeft(Math.max(0, Math.min(untilMs - performance.now(), RELAY_BEFORE_ANSWER_MS)))
      return result
    },
    schedule: runSchedule,
  }
}
