import { describe, expect, test } from 'vitest'
import { withBreaker } from './breaker.ts'
import { createEngine } from './engine.ts'
import { RedisError, RedisUnavailable } from './redis.ts'
import { withOutage } from './testing/outage.ts'

const scene = () => {
  let nowMs = 0
  const states: string[] = []
  const outage = withOutage(createEngine({ now: () => nowMs }))
  const redis = withBreaker(outage, {
    failures: 3,
    openMs: 1000,
    now: () => nowMs,
    onChange: (state) => states.push(state),
  })
  const fail = () => expect(redis.command('PING')).rejects.toBeInstanceOf(RedisUnavailable)
  const open = async () => {
    outage.down()
    for (let call = 0; call < 3; call++) await fail()
  }
  return { redis, outage, states, fail, open, advance: (ms: number) => (nowMs += ms) }
}

describe('a closed breaker', () => {
  test('passes commands, pipelines and scripts through', async () => {
    const { redis } = scene()
    expect(await redis.command('SET', 'k', 'v')).toBe('OK')
    expect(await redis.pipeline([['GET', 'k']])).toEqual(['v'])
    expect(await redis.script({ name: 'get', lua: '', run: (call, [key = '']) => call('GET', key) }, ['k'], [])).toBe(
      'v',
    )
  })

  test('does not count errors that the server answers', async () => {
    const { redis } = scene()
    for (let call = 0; call < 10; call++) await expect(redis.command('FOO')).rejects.toBeInstanceOf(RedisError)
    expect(await redis.command('PING')).toBe('PONG')
  })

  test('counts failures in a row only', async () => {
    const { redis, outage, states, fail } = scene()
    for (let round = 0; round < 3; round++) {
      outage.down()
      await fail()
      await fail()
      outage.up()
      await redis.command('PING')
    }
    expect(states).toEqual([])
  })
})

describe('an open breaker', () => {
  test('fails without a call to Redis', async () => {
    const { outage, states, fail, open } = scene()
    await open()
    const before = outage.calls
    await fail()
    expect(outage.calls).toBe(before)
    expect(states).toEqual(['open'])
  })

  test('adds next to nothing to a thousand requests', async () => {
    const { fail, open } = scene()
    await open()
    const startedMs = performance.now()
    for (let call = 0; call < 1000; call++) await fail()
    expect((performance.now() - startedMs) / 1000).toBeLessThan(20)
  })

  test('lets one probe through when its time is over, and stays open when that fails', async () => {
    const { outage, fail, open, advance } = scene()
    await open()
    advance(1000)
    const before = outage.calls
    await Promise.all([fail(), fail(), fail()])
    expect(outage.calls).toBe(before + 1)
  })

  test('closes when the probe succeeds', async () => {
    const { redis, outage, states, open, advance } = scene()
    await open()
    outage.up()
    advance(1000)
    expect(await redis.command('PING')).toBe('PONG')
    expect(states).toEqual(['open', 'closed'])
  })

  test('closes at once when the connection is made again', async () => {
    const { redis, outage, open } = scene()
    await open()
    outage.up()
    expect(await redis.command('PING')).toBe('PONG')
  })
})
