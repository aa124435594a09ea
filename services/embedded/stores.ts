import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { ConfigError } from '#services/kit/config.ts'
import { startEmbeddedPostgres } from '#services/kit/postgres/embedded.ts'
import { withBreaker } from '#services/kit/redis/breaker.ts'
import { createEngine } from '#services/kit/redis/engine.ts'
import type { Redis, RedisScript } from '#services/kit/redis/redis.ts'
import { restDoor } from '#services/kit/redis/rest-door.ts'
import { connectRedis } from '#services/kit/redis/server.ts'
import type { Logger } from '#services/kit/logging.ts'
import type { Metrics } from '#services/kit/metrics.ts'
import postgres from 'postgres'

/** The database that the platform runs on, and how to let go of it. */
export interface DatabaseServer {
  readonly url: string
  readonly what: string
  stop(): Promise<void>
}

const assertReachable = async (url: string): Promise<void> => {
  const sql = postgres(url, { max: 1, fetch_types: false })
  try {
    await sql`select 1`
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new ConfigError(`The PostgreSQL of DATABASE_URL cannot be used: ${why}. Start it, or correct DATABASE_URL.`)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/**
 * The server of `url`, else the embedded one in the data directory. Throws `ConfigError` when the server cannot be used.
 */
export const openPostgres = async (url: string | undefined, directory: string): Promise<DatabaseServer> => {
  if (url !== undefined) {
    await assertReachable(url)
    return { url, what: 'the PostgreSQL of DATABASE_URL', stop: () => Promise.resolve() }
  }
  const server = await startEmbeddedPostgres({ directory: join(directory, 'postgres') })
  return { url: server.url, what: 'embedded PostgreSQL', stop: server.stop }
}

const connectTo = (server: Redis | string | undefined, logger: Logger): Redis => {
  if (server === undefined) return createEngine({ now: () => performance.now() })
  if (typeof server !== 'string') return server
  return connectRedis({ url: server, onConnectionError: (err) => logger.warn({ err }, 'Redis is out of reach') })
}

/** The given server, else the engine inside this process, behind a breaker that keeps a dead one from slowing all. */
export const openRedis = async (server: Redis | string | undefined, metrics: Metrics, logger: Logger): Promise<Redis> =>
  withBreaker(connectTo(server, logger), { onChange: metrics.redisBreaker })

/** The REST door of Redis on a port of the loopback, for the Worker. */
export const openRestDoor = (
  redis: Redis,
  tokens: { readonly write: string; readonly readOnly: string },
  scripts: readonly RedisScript[],
): Promise<{ readonly url: string; close(): Promise<void> }> => {
  const app = restDoor({ redis, tokens, scripts: [...scripts] })
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
      resolve({
        url: `http://127.0.0.1:${port}`,
        close: () => new Promise((done) => server.close(() => done())),
      }),
    )
  })
}
