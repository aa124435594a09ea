import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { addMs, MINUTE, systemClock } from '#domain/kernel/clock.ts'
import { encodeEnvelope } from '#bus/envelope.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { createServiceTokens } from '#bus/request-reply/service-token.ts'
import { createServiceKeys } from '#bus/request-reply/testing/service-keys.ts'
import { createAwsClients } from '#bus/transports/aws/clients.ts'
import { provision, removeProvisioned } from '#bus/transports/aws/provision.ts'
import { awsEndpoint, uniquePrefix } from '#bus/transports/aws/testing/emulator.ts'
import { MAX_ATTEMPTS, topologyOf } from '#bus/transports/aws/topology.ts'
import { createIssuer } from '#services/kit/auth/issuer.ts'
import { listen } from '#services/kit/hosts/listener.ts'
import { systemIds } from '#services/kit/ids.ts'
import { migrateServices, serviceUrl } from '#services/kit/postgres/migrate.ts'
import { connectRedis } from '#services/kit/redis/server.ts'
import { redisUrl } from '#services/kit/redis/testing/server-url.ts'
import { createTestDatabase, ensureTemplate } from '#services/kit/testing/database.ts'
import { callHttp } from '#services/kit/testing/lambda/http-call.ts'
import { type FunctionOptions, type RunningFunction, startFunction } from '#services/kit/testing/lambda/runtime-api.ts'
import { asOwner } from '#services/kit/testing/postgres-server.ts'
import { bundle, sourceOf } from '#services/deploy/bundle.ts'
import { learningTables } from '#services/learning/infrastructure/postgres/tables.ts'

const NOWHERE = 'http://127.0.0.1:1'
const subjects = { path: '/v1/subjects' }

let folder = ''
let program = ''
let databaseUrl = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'education-platform-lambda-'))
  const made = await bundle({ source: sourceOf('learning', 'lambda'), directory: folder, minify: true })
  program = made.file
  const template = await ensureTemplate('learning', (url) => migrateServices(url, [learningTables]))
  const database = await createTestDatabase({ template })
  await migrateServices(database.url, [learningTables])
  databaseUrl = database.url
  return async () => {
    await database.drop()
    await rm(folder, { recursive: true })
  }
})

const running: RunningFunction[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()))
})

const INTERNAL_HOST = 'internal.example.org'
const serviceKeys = createServiceKeys('learning', 'payment')

const environment = (changes: Record<string, string | undefined> = {}) => ({
  PATH: process.env['PATH'],
  DATABASE_URL: serviceUrl(databaseUrl, 'learning'),
  REDIS_URL: redisUrl ?? 'redis://127.0.0.1:1',
  CURSOR_SECRET: 'cursor'.repeat(6),
  JWT_ISSUER: 'https://platform.example',
  JWKS_URL: NOWHERE,
  AWS_ENDPOINT_URL: NOWHERE,
  SERVICE_PRIVATE_KEY: serviceKeys.privateKeyOf('learning'),
  SERVICE_PUBLIC_KEYS: JSON.stringify(serviceKeys.publicKeys),
  INTERNAL_URLS: JSON.stringify({ learning: `https://${INTERNAL_HOST}` }),
  ...changes,
})

const starting = async (
  entry: FunctionOptions['entry'],
  env: Record<string, string | undefined> = {},
  timeoutMs?: number,
): Promise<RunningFunction> => {
  const started = await startFunction({ program, entry, env: environment(env), ...(timeoutMs && { timeoutMs }) })
  running.push(started)
  return started
}

const composed = ({ lines }: RunningFunction): number => lines.filter((line) => line.includes('"composed"')).length

describe('a copy of the function', () => {
  test('composes the service once, for all of its requests', async () => {
    const http = await starting('http')
    for (let n = 0; n < 3; n++) expect(await callHttp(http, subjects)).toMatchObject({ statusCode: 200 })
    expect([http.starts(), composed(http)]).toEqual([1, 1])
  })

  test('does not start with a wrong configuration, and names every variable', async () => {
    const http = await starting('http', { DATABASE_URL: undefined, QUEUE_PREFIX: 'Not a prefix' })
    await expect(callHttp(http, subjects)).rejects.toThrow(
      /^ConfigError: The configuration is not valid:\n {2}DATABASE_URL: missing, set it to postgres:.*\n {2}QUEUE_PREFIX: must be/,
    )
  })

  test.each(['user', 'payment'])('of %s loads, and names what it misses', async (service) => {
    const { file } = await bundle({
      source: sourceOf(service, 'lambda'),
      directory: join(folder, service),
      minify: true,
    })
    const started = await startFunction({ program: file, entry: 'schedule', env: { PATH: process.env['PATH'] } })
    running.push(started)
    await expect(started.invoke({})).rejects.toThrow(/^ConfigError: .*\n {2}DATABASE_URL: missing/)
  })

  test('is ended by its timeout, and the next request starts another', async () => {
    const http = await starting('http', {}, 1)
    for (let n = 0; n < 2; n++) await expect(callHttp(http, subjects)).rejects.toThrow('Task timed out')
    expect(http.starts()).toBe(2)
  })

  test('answers what it cannot do now as a problem, and goes on', async () => {
    const http = await starting('http', { DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/none' })
    const answer = await callHttp(http, subjects)
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'content-type': 'application/problem+json' } })
    expect(http.starts()).toBe(1)
  })
})

describe('the messages of other services', () => {
  const asking = async (domainName: string, service: 'learning' | 'payment') => {
    const http = await starting('http')
    const token = createServiceTokens({
      service: 'payment',
      privateKeyPem: serviceKeys.privateKeyOf(service),
      clock: systemClock,
    })
    return callHttp(http, {
      domainName,
      method: 'POST',
      path: `/internal/messages/${Learning.GetCourseById.type}`,
      headers: { authorization: `Bearer ${await token('learning')}` },
      body: {
        id: systemIds.next('msg'),
        idempotencyKey: 'key',
        deadline: addMs(systemClock.now(), MINUTE),
        correlationId: 'cor',
        data: { courseId: systemIds.next('crs') },
      },
    })
  }

  test('are answered at the internal API', async () => {
    const answer = await asking(INTERNAL_HOST, 'payment')
    expect([answer.statusCode, JSON.parse(answer.body)]).toMatchObject([404, { code: 'COURSE_NOT_FOUND' }])
  })

  test('are refused there with the signature of another', async () => {
    expect(await asking(INTERNAL_HOST, 'learning')).toMatchObject({ statusCode: 401 })
  })

  test('lead nowhere at the public API', async () => {
    const answer = await asking('api.example.org', 'payment')
    expect([answer.statusCode, JSON.parse(answer.body)]).toMatchObject([404, { code: 'ROUTE_NOT_FOUND' }])
  })
})

describe.runIf(awsEndpoint && redisUrl)('on Redis and queues', () => {
  const prefix = uniquePrefix()
  const AUDIT = 'audit'
  const topology = topologyOf([{ service: AUDIT, subscriptions: ['course.created'] }], { prefix, replySlots: 0 })
  const clients = createAwsClients({ region: 'us-east-1', endpoint: awsEndpoint, requestTimeoutMs: 10_000 })
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const names = { issuer: 'https://platform.example', audience: 'education-platform' }
  let jwksUrl = ''
  let token = ''
  beforeAll(async () => {
    await provision(clients, topology)
    const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const issuer = await createIssuer({ ...names, privateKeyPem })
    const keys = await listen(() => Response.json(issuer.jwks), 0, '127.0.0.1')
    jwksUrl = `http://127.0.0.1:${keys.port}`
    const sessionId = systemIds.next('ses')
    const redis = connectRedis({ url: redisUrl ?? '' })
    await new Promise<void>((resolve) => redis.onConnect(resolve))
    await redis.command('SET', `sess:${sessionId}`, '1', 'EX', 300)
    await redis.close()
    const person = { userId: systemIds.next('usr'), sessionId, roles: ['tutor'], emailVerified: true } as const
    const now = systemClock.now()
    token = (await issuer.issueAccessToken({ ...person, loggedInAt: now, now })).token
    return async () => {
      await keys.drain(0)
      await removeProvisioned(clients, topology)
      clients.close()
    }
  })

  const onQueues = () => ({ AWS_ENDPOINT_URL: awsEndpoint, QUEUE_PREFIX: prefix, JWKS_URL: jwksUrl })

  const createCourse = (http: RunningFunction, title: string, authorization = `Bearer ${token}`) =>
    callHttp(http, {
      method: 'POST',
      path: '/v1/courses',
      headers: { authorization, 'idempotency-key': systemIds.next('key') },
      body: { title, language: 'en' },
    })

  const outboxRows = () => asOwner(databaseUrl, (sql) => sql`select type from learning.outbox`)

  /** The title in the next event that reaches the queue of a service that listens to new courses. */
  const arriving = async (): Promise<unknown> => {
    const queues = await clients.queues()
    const QueueUrl = await clients.queueUrl(`${prefix}-${AUDIT}-evt`)
    const { Messages: [message] = [] } = await queues.receiveMessage({ QueueUrl, WaitTimeSeconds: 10 })
    if (!message?.Body) return undefined
    await queues.deleteMessage({ QueueUrl, ReceiptHandle: message.ReceiptHandle ?? '' })
    return JSON.parse(message.Body)
  }

  test('a request is authenticated, and what it has written has left before its answer', async () => {
    const http = await starting('http', onQueues())
    expect(await createCourse(http, 'Forged', 'Bearer a.b.c')).toMatchObject({ statusCode: 401 })
    const created = await createCourse(http, 'Algebra on time')
    // The process is frozen from here on.
    expect(created).toMatchObject({
      statusCode: 201,
      headers: { location: expect.stringMatching(/^\/v1\/courses\/crs_/) },
    })
    expect(await outboxRows()).toEqual([])
    expect(await arriving()).toMatchObject({ type: 'course.created', data: { title: 'Algebra on time' } })
  })

  test('a request is answered although its message cannot leave, and the schedule carries it', async () => {
    const http = await starting('http', { ...onQueues(), AWS_ENDPOINT_URL: NOWHERE })
    expect(await createCourse(http, 'Algebra with a delay')).toMatchObject({ statusCode: 201 })
    expect(await outboxRows()).toHaveLength(1)
    const schedule = await starting('schedule', onQueues())
    await schedule.invoke({})
    expect(await outboxRows()).toEqual([])
    expect(await arriving()).toMatchObject({ data: { title: 'Algebra with a delay' } })
  })

  test('two copies share the outbox: neither keeps it while it is frozen', async () => {
    const copies = [await starting('http', onQueues()), await starting('http', onQueues())]
    for (let n = 0; n < 3; n++)
      for (const copy of copies) expect(await createCourse(copy, `Algebra ${n}`)).toMatchObject({ statusCode: 201 })
    expect(await outboxRows()).toEqual([])
  })

  test('of a batch only the bad record comes again, and it ends as a dead letter at its last attempt', async () => {
    const queue = await starting('queue', onQueues())
    const body = (type: string, data: object) =>
      encodeEnvelope({
        specversion: '1.0',
        id: systemIds.next('msg'),
        messagekind: 'event',
        type,
        source: 'edtech.user',
        time: systemClock.now(),
        subject: 'usr',
        dataversion: 1,
        correlationid: 'cor',
        data,
      })
    const bad = body('user.sneezed', {})
    const good = body('user.deleted', { userId: systemIds.next('usr'), erasedAt: systemClock.now() })
    const record = (messageId: string, text: string, attempt: number) => ({
      messageId,
      body: text,
      attributes: { ApproximateReceiveCount: String(attempt) },
    })
    const failures = (records: readonly object[]) => queue.invoke({ Records: records })
    expect(await failures([record('good', good, 1), record('bad', bad, 1), record('good again', good, 2)])).toEqual({
      batchItemFailures: [{ itemIdentifier: 'bad' }],
    })
    expect(await failures([record('bad', bad, MAX_ATTEMPTS)])).toEqual({ batchItemFailures: [] })
    const letters = await asOwner(databaseUrl, (sql) => sql`select type, reason from learning.dead_letters`)
    expect(letters).toEqual([{ type: 'user.sneezed', reason: expect.stringContaining('user.sneezed') }])
    expect(composed(queue)).toBe(1)
  })
})
