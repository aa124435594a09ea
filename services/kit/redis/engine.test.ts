import { describe, expect, test, vi } from 'vitest'
import { redisContract } from './contract.ts'
import { createEngine } from './engine.ts'
import { RedisUnavailable } from './redis.ts'

redisContract('the in-process engine', async () => createEngine({ now: Date.now }))

const engineAt = (startMs: number) => {
  let nowMs = startMs
  const engine = createEngine({ now: () => nowMs })
  return { engine, advance: (ms: number) => (nowMs += ms) }
}

describe('expiry', () => {
  test('a key lives through its last millisecond and is gone in the next', async () => {
    const { engine, advance } = engineAt(1000)
    await engine.command('SET', 'k', 'v', 'PX', 500)
    advance(500)
    expect(await engine.command('GET', 'k')).toBe('v')
    advance(1)
    expect(await engine.command('GET', 'k')).toBeNull()
  })

  test('TTL rounds to the nearest second', async () => {
    const { engine, advance } = engineAt(0)
    await engine.command('SET', 'k', 'v', 'EX', 10)
    advance(8400)
    expect(await engine.command('TTL', 'k')).toBe(2)
    advance(200)
    expect(await engine.command('TTL', 'k')).toBe(1)
    expect(await engine.command('PTTL', 'k')).toBe(1400)
  })

  test('a key that comes back after its expiry has no ttl', async () => {
    const { engine, advance } = engineAt(0)
    await engine.command('HSET', 'k', 'f', 'v')
    await engine.command('EXPIRE', 'k', 1)
    advance(1001)
    await engine.command('HSET', 'k', 'g', 'v')
    expect(await engine.command('HGETALL', 'k')).toEqual(['g', 'v'])
    expect(await engine.command('TTL', 'k')).toBe(-1)
  })

  test('keys that nobody asks for again do not pile up', async () => {
    const { engine, advance } = engineAt(0)
    for (let index = 0; index < 10_000; index++) {
      await engine.command('SET', `session:${index}`, 'v', 'PX', 100)
      advance(1)
    }
    expect(await engine.command('DBSIZE')).toBeLessThan(400)
  })

  test('time stands still within a script', async () => {
    const { engine, advance } = engineAt(0)
    const replies = await engine.script(
      {
        name: 'slow',
        lua: '',
        run: (call, [key = '']) => {
          call('SET', key, 'v', 'PX', 10)
          advance(1000)
          return call('GET', key)
        },
      },
      ['k'],
      [],
    )
    expect(replies).toBe('v')
  })
})

describe('a restart', () => {
  test('comes back empty and is reported as a reconnect', async () => {
    const engine = createEngine({ now: Date.now })
    const connected = vi.fn()
    engine.onConnect(connected)
    await engine.command('SET', 'k', 'v')
    expect(connected).toHaveBeenCalledTimes(1)
    engine.restart()
    expect(connected).toHaveBeenCalledTimes(2)
    expect(await engine.command('GET', 'k')).toBeNull()
  })
})

test('FLUSHALL empties it', async () => {
  const engine = createEngine({ now: Date.now })
  await engine.command('SET', 'k', 'v', 'EX', 10)
  await expect(engine.command('FLUSHALL', 'LATER')).rejects.toThrow('ERR syntax error')
  expect(await engine.command('FLUSHALL')).toBe('OK')
  expect(await engine.command('DBSIZE')).toBe(0)
})

test('a closed engine is out of reach', async () => {
  const engine = createEngine({ now: Date.now })
  await engine.close()
  await expect(engine.command('PING')).rejects.toBeInstanceOf(RedisUnavailable)
  await expect(engine.pipeline([['PING']])).rejects.toBeInstanceOf(RedisUnavailable)
})
