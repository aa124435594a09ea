import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createEngine } from '#services/kit/redis/engine.ts'
import type { Redis } from '#services/kit/redis/redis.ts'
import { connectRedis } from '#services/kit/redis/server.ts'
import { withOutage } from '#services/kit/redis/testing/outage.ts'
import { freePorts } from '#services/kit/testing/free-ports.ts'

/** A Redis that a test takes away and gives back without its data. */
export interface RedisUnderTest {
  readonly what: string
  readonly redis: Redis
  goAway(): Promise<void>
  comeBackEmpty(): Promise<void>
  close(): Promise<void>
}

const hasServer = (): boolean => spawnSync('redis-server', ['--version']).status === 0

const startServer = async (port: number, directory: string) => {
  const flags = { port: String(port), bind: '127.0.0.1', dir: directory, save: '', appendonly: 'no' }
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('Ready to accept')) return child
  throw new Error('redis-server did not start.')
}

const openServer = async (): Promise<RedisUnderTest> => {
  const directory = await mkdtemp(join(tmpdir(), 'redis-under-test-'))
  const port = await freePorts(1)
  let server = await startServer(port, directory)
  const goAway = async (): Promise<void> => {
    const exited = once(server, 'exit')
    if (server.kill('SIGKILL')) await exited
  }
  return {
    what: 'redis-server',
    redis: connectRedis({ url: `redis://127.0.0.1:${port}` }),
    goAway,
    comeBackEmpty: async () => {
      server = await startServer(port, directory)
    },
    close: async () => {
      await goAway()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

const openEngine = (): RedisUnderTest => {
  const engine = createEngine({ now: () => performance.now() })
  const redis = withOutage(engine)
  return {
    what: 'the engine',
    redis,
    goAway: async () => redis.down(),
    comeBackEmpty: async () => {
      engine.restart()
      redis.up()
    },
    close: () => Promise.resolve(),
  }
}

/** A real server where one is installed, else the engine inside this process behind a network that can be cut. */
export const openRedisUnderTest = async (): Promise<RedisUnderTest> => (hasServer() ? openServer() : openEngine())
