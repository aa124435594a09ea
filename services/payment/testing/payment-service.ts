import { addMs, type Clock, type Instant, MINUTE, systemClock } from '#domain/kernel/clock.ts'
import { UserId } from '#domain/kernel/ids.ts'
import type { MessageDefinition } from '#domain/kernel/message.ts'
import { type Actor, anonymous, type Role } from '#bus/cqrs/actor.ts'
import { createMemoryLane, createRequester } from '#bus/request-reply/requester.ts'
import { createMemoryTransport } from '#bus/transports/memory/memory.ts'
import { scopesOf } from '#services/kit/auth/scopes.ts'
import { listen } from '#services/kit/hosts/listener.ts'
import { runService } from '#services/kit/hosts/run-service.ts'
import { createCursors } from '#services/kit/http/cursor.ts'
import { systemIds } from '#services/kit/ids.ts'
import { createLogger } from '#services/kit/logging.ts'
import { createMetrics } from '#services/kit/metrics.ts'
import { migrateServices, serviceUrl } from '#services/kit/postgres/migrate.ts'
import { createEngine } from '#services/kit/redis/engine.ts'
import { createTestDatabase } from '#services/kit/testing/database.ts'
import postgres from 'postgres'
import { PaymentConfig } from '../config.ts'
import { createSandbox } from '../sandbox/sandbox.ts'
import { apiKey, control, stripeClient } from '../sandbox/testing/start-sandbox.ts'
import { payment } from '../service.ts'
import { type RecordedEvent, recordEvents } from './recorded-events.ts'

const webhookSecret = 'whsec_of_the_payment_tests'
const KNOWN: readonly Role[] = ['learner', 'tutor', 'admin']

/** A clock that runs with the system's, and can be moved. */
const createMovableClock = (): Clock & { advance(ms: number): void } => {
  let offsetMs = 0
  return {
    now: () => addMs(systemClock.now(), offsetMs),
    advance: (ms) => {
      offsetMs += ms
    },
  }
}

/** Tests say who they are: `usr_... learner`, and `left-open` where the last login is long ago. */
const actorOf = (headers: Pick<Headers, 'get'>, now: Instant): Actor => {
  const [id, ...given] = headers.get('x-actor')?.split(' ') ?? []
  if (id === undefined) return anonymous
  const roles = KNOWN.filter((role) => given.includes(role))
  const userId = UserId.parse(id)
  const loggedInAt = given.includes('left-open') ? addMs(now, -16 * MINUTE) : now
  return { kind: 'user', userId, sessionId: 'ses', roles, scopes: scopesOf(roles), emailVerified: true, loggedInAt }
}

export type PaymentService = Awaited<ReturnType<typeof startPaymentService>>

/** The whole service on a database of its own, beside a sandbox whose webhooks reach it over HTTP. */
export const startPaymentService = async () => {
  const database = await createTestDatabase()
  await migrateServices(database.url, [payment.tables])
  const clock = createMovableClock()
  let fetch: Parameters<typeof listen>[0] = () => new Response(null, { status: 503 })
  const listener = await listen((request, env) => fetch(request, env), 0, '127.0.0.1')
  const webhookUrl = `http://127.0.0.1:${listener.port}/v1/webhooks/stripe`
  const sandbox = createSandbox({
    database: ':memory:',
    apiKey,
    webhookSecret,
    webhookUrl,
    webhookRetryBaseMs: 20,
    now: () => Date.parse(clock.now()),
  })
  const { port, baseUrl } = await sandbox.listen(0)

  const lanes = createMemoryLane()
  const transport = createMemoryTransport()
  const events: RecordedEvent[] = []
  recordEvents(transport, events)
  const variables = {
    STRIPE_SECRET_KEY: apiKey,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_BASE_URL: baseUrl,
    TAX_PERCENT: '19',
  }
  const service = runService(payment, PaymentConfig.parse(variables), {
    databaseUrlOf: (schema) => serviceUrl(database.url, schema),
    redis: createEngine({ now: () => Date.parse(clock.now()) }),
    transport,
    lanes,
    clock,
    ids: systemIds,
    random: () => 0.5,
    logger: (name) => createLogger({ level: 'silent', service: name }),
    metrics: createMetrics({ process: false }),
    http: {},
    cursors: createCursors('cursor'.repeat(6)),
    development: false,
  })
  const http = service.http(async (headers) => actorOf(headers, clock.now()))
  fetch = (request) => http.fetch(request)
  const requesterOf = (name: string) => createRequester({ service: name, lane: lanes.lane, clock, ids: systemIds })
  const [learning, itself] = [requesterOf('learning'), requesterOf('payment')]
  const sql = postgres(database.url, { max: 2, onnotice: () => undefined })

  return {
    clock,
    http,
    events,
    sql,
    webhookSecret,
    runtime: service.runtime,
    /** Delivers an event to the service itself once more. */
    repeat: ({ message }: RecordedEvent): Promise<void> => service.runtime.dispatcher.receive(message),
    stripe: stripeClient(port),
    sandbox: control(baseUrl),
    /** Sends a message as the learning service does. */
    request: <In, Out>(definition: MessageDefinition<In, Out>, input: NoInfer<In>): Promise<Out> =>
      learning.request(definition, input, { origin: { correlationId: 'test' } }),
    /** Sends one as the service's own jobs do. */
    requestItself: <In, Out>(definition: MessageDefinition<In, Out>, input: NoInfer<In>): Promise<Out> =>
      itself.request(definition, input, { origin: { correlationId: 'test' } }),
    stop: async () => {
      await service.stop()
      await listener.drain(0)
      await sandbox.close()
      await sql.end()
      await database.drop()
    },
  }
}
