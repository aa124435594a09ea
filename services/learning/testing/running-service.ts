import { addMs, type Clock, systemClock } from '#domain/kernel/clock.ts'
import { UserId } from '#domain/kernel/ids.ts'
import type { MessageDefinition } from '#domain/kernel/message.ts'
import { type Actor, anonymous, ROLES } from '#bus/cqrs/actor.ts'
import { decodeEnvelope, encodeEnvelope, type Envelope } from '#bus/envelope.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { createMemoryLane, createRequester } from '#bus/request-reply/requester.ts'
import { createMemoryTransport } from '#bus/transports/memory/memory.ts'
import { scopesOf } from '#services/kit/auth/scopes.ts'
import { runService } from '#services/kit/hosts/run-service.ts'
import { createCursors } from '#services/kit/http/cursor.ts'
import { systemIds } from '#services/kit/ids.ts'
import { createLogger } from '#services/kit/logging.ts'
import { createMetrics } from '#services/kit/metrics.ts'
import { Database } from '#services/kit/ports.ts'
import { migrateServices, serviceUrl } from '#services/kit/postgres/migrate.ts'
import { createEngine } from '#services/kit/redis/engine.ts'
import { createTestDatabase, ensureTemplate } from '#services/kit/testing/database.ts'
import { LearningConfig } from '../config.ts'
import { learningTables } from '../infrastructure/postgres/tables.ts'
import { CatalogProjector } from '../ports.ts'
import { learning } from '../service.ts'
import { createUserDirectory } from './user-directory.ts'

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

/** Tests say who they are: `usr_... tutor`, and `unverified` where the e-mail address is not. */
const actorOf = (headers: Pick<Headers, 'get'>): Actor => {
  const [id, ...given] = headers.get('x-actor')?.split(' ') ?? []
  if (id === undefined) return anonymous
  const roles = ROLES.filter((role) => given.includes(role))
  const emailVerified = !given.includes('unverified')
  return { kind: 'user', userId: UserId.parse(id), sessionId: 'ses', roles, scopes: scopesOf(roles), emailVerified }
}

export type LearningService = Awaited<ReturnType<typeof startLearningService>>

/** The whole service on a database of its own, with a Redis in this process and a user service that tests fill. */
export const startLearningService = async (variables: Record<string, string> = {}) => {
  const template = await ensureTemplate('learning', (url) => migrateServices(url, [learningTables]))
  const database = await createTestDatabase({ template })
  // The role of a service belongs to a database of this name, so that it is made here.
  await migrateServices(database.url, [learningTables])
  const clock = createMovableClock()
  const lanes = createMemoryLane()
  const transport = createMemoryTransport()
  const events: Envelope[] = []
  transport.connect(
    'recorder',
    Learning.events.map(({ type }) => type),
    async ({ body }) => {
      events.push(decodeEnvelope(body))
    },
  )
  const users = createUserDirectory()
  lanes.register('user', users.respond)
  const redis = createEngine({ now: () => Date.parse(clock.now()) })
  const service = runService(learning, LearningConfig.parse(variables), {
    databaseUrlOf: (schema) => serviceUrl(database.url, schema),
    redis,
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
  const requester = createRequester({ service: 'payment', lane: lanes.lane, clock, ids: systemIds })

  return {
    clock,
    events,
    redis,
    users,
    http: service.http(async (headers) => actorOf(headers)),
    runtime: service.runtime,
    database: service.runtime.resolve(Database),
    catalog: service.runtime.resolve(CatalogProjector),
    /** Sends a message as another service does. */
    request: <In, Out>(definition: MessageDefinition<In, Out>, input: NoInfer<In>): Promise<Out> =>
      requester.request(definition, input, { origin: { correlationId: 'test' } }),
    /** Delivers an event of another service, and rejects where the service could not take it. */
    deliver: async (type: string, subject: string, data: unknown): Promise<void> => {
      const id = systemIds.next('msg')
      const body = encodeEnvelope({
        specversion: '1.0',
        id,
        messagekind: 'event',
        type,
        source: `edtech.${type.slice(0, type.indexOf('.'))}`,
        time: clock.now(),
        subject,
        dataversion: 1,
        correlationid: id,
        data,
      })
      const [delivered] = await transport.deliver([{ key: subject, route: 'events', type, body, attempt: 1 }])
      if (!delivered?.accepted) throw new Error(delivered?.reason ?? 'not delivered')
    },
    stop: async () => {
      await service.stop()
      await transport.close()
      await redis.close()
      await database.drop()
    },
  }
}
