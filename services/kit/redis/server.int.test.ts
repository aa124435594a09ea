import { createServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { cacheContract } from './cache.contract.ts'
import { redisContract } from './contract.ts'
import { differentialSuite } from './differential.ts'
import { rateLimitContract } from './rate-limit.contract.ts'
import { RedisError, RedisUnavailable } from './redis.ts'
import { connectRedis } from './server.ts'
import { listen } from './testing/listen.ts'
import { redisUrl } from './testing/server-url.ts'
import { uniqueKey } from './testing/unique-key.ts'

/** Answers `+OK` to every command; `freeze` lets the connections of that moment hang for ever. */
const okServer = async () => {
  const sockets = new Set<Socket>()
  const frozen = new WeakSet<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (data) => {
      const commands = data.toString().match(/^\*/gm)?.length ?? 0
      if (!frozen.has(socket)) socket.write('+OK\r\n'.repeat(commands))
    })
  })
  const freeze = () => {
    for (const socket of sockets) frozen.add(socket)
  }
  const hangUp = () => {
    for (const socket of sockets) socket.destroy()
  }
  const port = await listen(server)
  onTestFinished(() => {
    hangUp()
    server.close()
  })
  return { url: `redis://127.0.0.1:${port}`, freeze, hangUp }
}

const connectTo = (url: string, commandTimeoutMs = 150) => {
  const redis = connectRedis({ url, commandTimeoutMs })
  onTestFinished(() => redis.close())
  return redis
}

const connected = (redis: ReturnType<typeof connectRedis>) => new Promise<void>((resolve) => redis.onConnect(resolve))

describe('a server that is not there', () => {
  test('fails every call at once as unavailable', async () => {
    const redis = connectTo('redis://127.0.0.1:1')
    const startedMs = performance.now()
    await expect(redis.command('GET', 'k')).rejects.toBeInstanceOf(RedisUnavailable)
    await expect(redis.pipeline([['GET', 'k']])).rejects.toBeInstanceOf(RedisUnavailable)
    const script = { name: 'one', lua: 'return 1', run: () => 1 }
    await expect(redis.script(script, [], [])).rejects.toBeInstanceOf(RedisUnavailable)
    expect(performance.now() - startedMs).toBeLessThan(500)
  })

  test('reports why, without throwing', async () => {
    const error = await new Promise<Error>((resolve) => {
      const redis = connectRedis({ url: 'redis://127.0.0.1:1', onConnectionError: resolve })
      onTestFinished(() => redis.close())
    })
    expect(error.message).toContain('ECONNREFUSED')
  })

  test('is let go of while the client waits to connect again: a stop hung on it for ever', async () => {
    const failed = Promise.withResolvers<void>()
    const redis = connectRedis({ url: 'redis://127.0.0.1:1', onConnectionError: () => failed.resolve() })
    await failed.promise
    // The socket closes, and the wait begins, a few turns of the event loop after its error was told.
    for (let turn = 0; turn < 10; turn += 1) await setImmediate()
    await redis.close()
    await redis.close()
  })
})

describe('a server that hangs', () => {
  test('is unavailable after the command timeout, and the error holds no value', async () => {
    const server = await okServer()
    const redis = connectTo(server.url, 50)
    await connected(redis)
    server.freeze()
    const error: unknown = await redis.command('SET', 'session', 'secret').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(RedisUnavailable)
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret')
  })

  test('is left and connected to again', async () => {
    const server = await okServer()
    const redis = connectTo(server.url, 50)
    await connected(redis)
    server.freeze()
    await expect(redis.command('PING')).rejects.toBeInstanceOf(RedisUnavailable)
    await expect.poll(() => redis.command('PING').catch(() => 'unavailable'), { timeout: 10_000 }).toBe('OK')
  })
})

test('a lost connection fails what was under way, comes back by itself and is reported', async () => {
  const server = await okServer()
  const redis = connectTo(server.url)
  let connects = 0
  redis.onConnect(() => connects++)
  await expect.poll(() => connects, { timeout: 10_000 }).toBe(1)
  server.freeze()
  const underWay = redis.command('GET', 'k')
  underWay.catch(() => {})
  server.hangUp()
  await expect(underWay).rejects.toBeInstanceOf(RedisUnavailable)
  await expect.poll(() => connects, { timeout: 10_000 }).toBe(2)
  expect(await redis.command('PING')).toBe('OK')
})

const realServerSuite = (url: string) => {
  const connect = async () => {
    const redis = connectRedis({ url, commandTimeoutMs: 2000 })
    await connected(redis)
    return redis
  }
  redisContract('a real server', connect)
  rateLimitContract('a real server', connect)
  cacheContract('a real server', connect)
  differentialSuite(connect)

  test('a script is sent once more in full when the server does not know it', async () => {
    const redis = await connect()
    onTestFinished(() => redis.close())
    const script = { name: 'fresh', lua: `return '${uniqueKey()}'`, run: () => null }
    expect(await redis.script(script, [], [])).toMatch(/^test:/)
    expect(await redis.script(script, [], [])).toMatch(/^test:/)
  })

  test('an error inside a script keeps the error of the command', async () => {
    const redis = await connect()
    onTestFinished(() => redis.close())
    const script = { name: 'broken', lua: `return redis.call('INCRBY', KEYS[1], 'x')`, run: () => null }
    await expect(redis.script(script, [uniqueKey()], [])).rejects.toBeInstanceOf(RedisError)
  })
}

if (redisUrl) realServerSuite(redisUrl)
