import { Redis } from '@upstash/redis/cloudflare'
import { type Context, Hono } from 'hono'
import { slugKey } from '#edge/read-models/keys.ts'
import type { Env } from '../catalog/env.ts'

type Call = Context<{ Bindings: Env }>

const credentials = ({ env }: Call) => ({ url: env.UPSTASH_REDIS_REST_URL, token: env.UPSTASH_REDIS_REST_TOKEN })

// The other side of P9: Hono and the client alone, one call for each request, no sentinel, no budget, no copies.
const app = new Hono<{ Bindings: Env }>()

app.get('/as-it-comes/:slug', async (c) =>
  c.json(await new Redis(credentials(c)).hget(slugKey(c.req.param('slug')), 'body')),
)

app.get('/tuned/:slug', async (c) => {
  const redis = new Redis({
    ...credentials(c),
    automaticDeserialization: false,
    responseEncoding: false,
    readYourWrites: false,
    enableTelemetry: false,
    enableAutoPipelining: false,
  })
  const body: unknown = await redis.hget(slugKey(c.req.param('slug')), 'body')
  return typeof body === 'string' ? c.body(body, 200, { 'Content-Type': 'application/json' }) : c.notFound()
})

export default app
