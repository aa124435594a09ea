import { serve } from '@hono/node-server'
import { once } from 'node:events'
import { createEngine } from '#services/kit/redis/engine.ts'
import { restDoor } from '#services/kit/redis/rest-door.ts'
import { startCatalogWorker } from '../workerd.ts'

const tokens = { write: 'writes', readOnly: 'reads' }

/** The Worker in workerd, reading the in-process Redis through a REST door of its own port. */
export async function runningCatalog() {
  const redis = createEngine({ now: () => performance.now() })
  const door = restDoor({ redis, tokens })
  let calls = 0
  let reachable = true
  const server = serve({
    fetch: (request) => {
      calls++
      return reachable ? door.fetch(request) : new Response('out of order', { status: 502 })
    },
    hostname: '127.0.0.1',
    port: 0,
  })
  if (!server.listening) await once(server, 'listening')
  const address = server.address()
  const redisUrl = `http://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`
  const worker = await startCatalogWorker({ redisUrl, redisToken: tokens.readOnly, cursorSecret: 'cursor secret' })
  const origin = `http://127.0.0.1:${worker.port}`
  return {
    redis,
    origin,
    worker,
    get: (path: string, init?: RequestInit) => fetch(`${origin}/catalog/v1${path}`, { redirect: 'manual', ...init }),
    calls: () => calls,
    stop: async () => {
      await worker.stop()
      server.close()
    },
    cutRedis: () => {
      reachable = false
    },
  }
}
