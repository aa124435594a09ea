import { spawnSync } from 'node:child_process'
import { ConfigError, environment } from '#services/kit/config.ts'
import { connectRedis } from '#services/kit/redis/server.ts'
import { type Child, startChild } from './child.ts'
import { untilReady } from './until-ready.ts'

/** Starts a Redis that keeps nothing: what it holds is rebuilt from the services' tables. Throws where none is installed. */
export const startRedisServer = async (port: number): Promise<{ readonly url: string; readonly child: Child }> => {
  if (spawnSync('redis-server', ['--version']).error)
    throw new ConfigError(
      'There is no redis-server on the PATH. Install it (apt-get install redis-server), or set REDIS_URL.',
    )
  const child = startChild({
    name: 'redis',
    command: 'redis-server',
    args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    env: { PATH: environment['PATH'] },
  })
  const url = `redis://127.0.0.1:${port}`
  await untilReady(child, async () => {
    const redis = connectRedis({ url })
    try {
      await new Promise<void>((resolve) => redis.onConnect(resolve))
    } finally {
      await redis.close()
    }
  })
  return { url, child }
}
