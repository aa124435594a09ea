import { type Context, Hono } from 'hono'
import { type Redis, RedisError, type RedisReply, type RedisScript, RedisUnavailable } from './redis.ts'
import { type RestTokens, tokenCheck } from './rest-door/access.ts'
import { type Encoding, toAnswer } from './rest-door/answer.ts'
import { parseCommand, parseCommands, parsePath } from './rest-door/requests.ts'
import { scriptTable, Session } from './rest-door/session.ts'

export interface RestDoorOptions {
  readonly redis: Redis
  readonly tokens: RestTokens
  /** Scripts that EVAL and EVALSHA may name; the in-process engine can run no other. */
  readonly scripts?: readonly RedisScript[]
}

type Env = { Variables: { session: Session } }

const NOT_OFFERED = /^\/(p?subscribe|monitor)\b/i

const bearerToken = (c: Context): string | undefined =>
  /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? c.req.query('_token')

const encodingOf = (c: Context): Encoding =>
  c.req.header('upstash-encoding')?.toLowerCase() === 'base64' ? 'base64' : 'plain'

const answerAll = (c: Context, outcomes: (RedisReply | RedisError)[]): Response =>
  c.json(outcomes.map((outcome) => toAnswer(outcome, encodingOf(c))))

const answerError = (error: Error, c: Context): Response => {
  if (error instanceof RedisError) return c.json({ error: error.message }, 400)
  if (error instanceof RedisUnavailable) return c.json({ error: error.message }, 503)
  return c.json({ error: 'ERR internal error' }, 500)
}

/**
 * The REST protocol of Upstash in front of any `Redis`, so that `@upstash/redis` works against it: `POST /` with one
 * command, `POST /pipeline`, `POST /multi-exec`, and a path per command (`/get/key`). A failed command is 400
 * `{error}`, in a pipeline `{error}` in its place; a wrong token 401; Redis out of reach 503. Subscriptions and the
 * resp2 format are refused with 400.
 *
 * @example
 * const door = restDoor({ redis, tokens: { write, readOnly } })
 * serve({ fetch: door.fetch, hostname: '127.0.0.1', port: 0 })
 */
export const restDoor = ({ redis, tokens, scripts = [] }: RestDoorOptions): Hono<Env> => {
  const accessOf = tokenCheck(tokens)
  const table = scriptTable(scripts)
  const app = new Hono<Env>()
  app.onError(answerError)
  app.notFound((c) => c.json({ error: 'ERR commands are sent by GET or POST' }, 405))

  app.use(async (c, next) => {
    c.header('Cache-Control', 'no-store')
    const syncToken = c.req.header('upstash-sync-token')
    if (syncToken) c.header('upstash-sync-token', syncToken)
    const access = accessOf(bearerToken(c) ?? '')
    if (!access) return c.json({ error: 'WRONGPASS invalid or missing auth token' }, 401)
    if (NOT_OFFERED.test(c.req.path)) throw new RedisError('ERR subscriptions are not offered by this door')
    if (c.req.header('upstash-response-format') === 'resp2') throw new RedisError('ERR this door answers JSON only')
    c.set('session', new Session(redis, table, access))
    return next()
  })

  app.post('/', async (c) =>
    c.json(toAnswer(await c.var.session.command(parseCommand(await c.req.text())), encodingOf(c))),
  )
  app.post('/pipeline', async (c) => answerAll(c, await c.var.session.pipeline(parseCommands(await c.req.text()))))
  app.post('/multi-exec', async (c) => answerAll(c, await c.var.session.transaction(parseCommands(await c.req.text()))))
  app.on(['GET', 'POST'], '/*', async (c) => {
    const body = c.req.method === 'POST' ? await c.req.text() : ''
    return c.json(toAnswer(await c.var.session.command(parsePath(new URL(c.req.url), body)), encodingOf(c)))
  })
  return app
}
