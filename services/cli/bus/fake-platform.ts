import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { SHARDS } from '#bus/outbox/shard.ts'
import type { BusView } from '#services/kit/operations/bus/bus-view.ts'

export const admin = { email: 'admin@example.org', password: 'correct horse' }

interface Letter {
  readonly deadLetterId: string
  readonly consumer: string
  readonly failedAt: string
  /** Fails whenever it is redriven. */
  readonly stubborn?: boolean
}

/** Where the messages of a service of the fake platform stand. */
export const healthyBus = (): BusView => ({
  now: '2026-03-01T12:00:00.000Z',
  outbox: { rows: 0, heldKeys: 0 },
  heldKeys: [],
  shards: SHARDS,
  relays: [{ session: 7, shards: SHARDS }],
  replySlots: [],
})

interface Stuck {
  readonly sagaId: string
  readonly status: string
}

interface FakeOptions {
  readonly letters?: Letter[]
  /** Changes what a service says of its messages; undefined where it does not answer. */
  readonly bus?: (service: string) => BusView | undefined
  /** Sagas of the learning service that have not moved since their deadline, or are parked. */
  readonly stuck?: readonly Stuck[]
}

/** A platform that knows logins, dead letters and where messages stand, on a port of its own; a page holds two. */
export async function startFakePlatform({ letters = [], bus = healthyBus, stuck = [] }: FakeOptions = {}) {
  const redriven: string[] = []
  const whole = ({ deadLetterId, consumer, failedAt }: Letter) => {
    const rest = { messageId: 'msg_1', type: 'course.published', key: 'crs_1', reason: 'Error:\u001b[31m too loud' }
    return { deadLetterId, consumer, failedAt, ...rest, envelope: '{"data":{"courseId":"crs_1"}}' }
  }
  const ofService = (service: string) => letters.filter(({ consumer }) => consumer.startsWith(`${service}/`))
  const remove = (letter: Letter) => letters.splice(letters.indexOf(letter), 1)

  const app = new Hono()
  app.post('/v1/auth/login', async (context) => {
    const login: unknown = await context.req.json()
    const isAdmin = JSON.stringify(login) === JSON.stringify(admin)
    return isAdmin ? context.json({ accessToken: 'token' }) : context.json({ code: 'LOGIN_REFUSED' }, 401)
  })
  app.use('/v1/:area{dead-letters|bus|sagas}/*', async (context, next) =>
    context.req.header('authorization') === 'Bearer token' ? next() : context.json({ code: 'TOKEN_EXPIRED' }, 401),
  )
  app.get('/v1/bus/:service', (context) => {
    const view = bus(context.req.param('service'))
    return view ? context.json(view) : context.json({ code: 'INTERNAL' }, 500)
  })
  app.get('/v1/sagas/:service', (context) => {
    const items = stuck.filter(({ status }) => status === context.req.query('status'))
    return context.json({ items: items.map((saga) => ({ ...saga, step: 'payment', updatedAt: healthyBus().now })) })
  })
  app.get('/v1/dead-letters/:service', (context) => {
    const all = ofService(context.req.param('service'))
    const from = Number(context.req.query('cursor') ?? 0)
    const nextCursor = from + 2 < all.length ? String(from + 2) : undefined
    return context.json({ items: all.slice(from, from + 2).map(whole), nextCursor })
  })
  app.all('/v1/dead-letters/:service/:id/:verb?', (context) => {
    const { service, id } = context.req.param()
    const letter = ofService(service).find(({ deadLetterId }) => deadLetterId === id)
    if (!letter) return context.json({ code: 'DEAD_LETTER_NOT_FOUND' }, 404)
    if (context.req.method === 'GET') return context.json(whole(letter))
    if (context.req.method === 'POST') {
      if (letter.stubborn) return context.json({ code: 'REDRIVE_FAILED', detail: 'Still too loud.' }, 409)
      redriven.push(id)
    }
    remove(letter)
    return context.body(null, context.req.method === 'POST' ? 202 : 204)
  })

  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The fake platform has no port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    redriven,
    close: () => new Promise((closed) => server.close(closed)),
  }
}
