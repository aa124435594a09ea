import { Unauthenticated } from '#bus/cqrs/errors.ts'
import type { SessionId } from '#domain/kernel/ids.ts'
import { createSessionCheck, markRevoked, type SessionCheck } from '#services/kit/auth/sessions.ts'
import { systemIds } from '#services/kit/ids.ts'
import { createEngine } from '#services/kit/redis/engine.ts'
import { withOutage } from '#services/kit/redis/testing/outage.ts'
import { beforeEach, describe, expect, test } from 'vitest'

const QUARTER_HOUR = 900

/** A process that checks sessions, the Redis that it shares with others, and the owner of sessions. */
function setUp(cacheSize?: number) {
  const time = { ms: 0 }
  const redis = withOutage(createEngine({ now: () => time.ms }))
  const owner: { active: boolean; asked: number; failure?: Error | undefined } = { active: true, asked: 0 }
  const ask = async () => {
    owner.asked++
    if (owner.failure) throw owner.failure
    return owner.active
  }
  const newProcess = () => createSessionCheck({ redis, ask, now: () => time.ms, ...(cacheSize ? { cacheSize } : {}) })
  return { time, redis, owner, newProcess }
}

const lives = async (check: SessionCheck, sessionId: SessionId): Promise<boolean> => {
  try {
    await check(sessionId)
    return true
  } catch (error) {
    if (Unauthenticated.is(error)) return false
    throw error
  }
}

let sessionId: SessionId
beforeEach(() => {
  sessionId = systemIds.next('ses')
})

describe('a session', () => {
  test('lives until it is revoked, and its owner is asked once for all processes', async () => {
    const { redis, owner, newProcess } = setUp()
    expect(await lives(newProcess(), sessionId)).toBe(true)
    expect(await lives(newProcess(), sessionId)).toBe(true)
    await markRevoked(redis, sessionId, QUARTER_HOUR)
    expect(await lives(newProcess(), sessionId)).toBe(false)
    expect(owner.asked).toBe(1)
  })
})

describe('a revocation', () => {
  test('holds within a second in a process that has just seen the session live', async () => {
    const { time, redis, newProcess } = setUp()
    const check = newProcess()
    expect(await lives(check, sessionId)).toBe(true)
    await markRevoked(redis, sessionId, QUARTER_HOUR)
    time.ms += 999
    expect(await lives(check, sessionId)).toBe(true)
    time.ms += 1
    expect(await lives(check, sessionId)).toBe(false)
  })

  test('is not put off by a session that is in use all the time', async () => {
    const { time, redis, newProcess } = setUp()
    const check = newProcess()
    await lives(check, sessionId)
    await markRevoked(redis, sessionId, QUARTER_HOUR)
    for (let use = 0; use < 10; use++) {
      time.ms += 99
      expect(await lives(check, sessionId)).toBe(true)
    }
    time.ms += 10
    expect(await lives(check, sessionId)).toBe(false)
  })

  test('is not undone by an answer that was on its way', async () => {
    const { redis, newProcess } = setUp()
    const answer = Promise.withResolvers<boolean>()
    const asking = createSessionCheck({ redis, ask: () => answer.promise, now: () => 0 })(sessionId)
    await markRevoked(redis, sessionId, QUARTER_HOUR)
    answer.resolve(true)
    await asking
    expect(await lives(newProcess(), sessionId)).toBe(false)
  })

  test('that never reached Redis shows a minute after an earlier answer was stored', async () => {
    const { time, redis, owner, newProcess } = setUp()
    await lives(newProcess(), sessionId)
    owner.active = false
    redis.down()
    await expect(markRevoked(redis, sessionId, QUARTER_HOUR)).rejects.toThrow('out of reach')
    redis.up()
    time.ms += 60_001
    expect(await lives(newProcess(), sessionId)).toBe(false)
  })
})

describe('a session that Redis does not know', () => {
  test('is asked of its owner once, for all processes', async () => {
    const { owner, newProcess } = setUp()
    expect(await lives(newProcess(), sessionId)).toBe(true)
    expect(await lives(newProcess(), sessionId)).toBe(true)
    expect(owner.asked).toBe(1)
  })

  test('is dead when its owner does not know it either', async () => {
    const { owner, newProcess } = setUp()
    owner.active = false
    expect(await lives(newProcess(), sessionId)).toBe(false)
    expect(await lives(newProcess(), sessionId)).toBe(false)
    expect(owner.asked).toBe(1)
  })

  test('fails with the failure of its owner, and is asked for again by the next caller', async () => {
    const { owner, newProcess } = setUp()
    const check = newProcess()
    owner.failure = new Error('no answer')
    await expect(check(sessionId)).rejects.toThrow('no answer')
    owner.failure = undefined
    expect(await lives(check, sessionId)).toBe(true)
  })
})

describe('while Redis is down', () => {
  test('the owner is asked once a second, and its word counts', async () => {
    const { time, redis, owner, newProcess } = setUp()
    const check = newProcess()
    redis.down()
    expect(await lives(check, sessionId)).toBe(true)
    time.ms += 500
    expect(await lives(check, sessionId)).toBe(true)
    expect(owner.asked).toBe(1)
    owner.active = false
    time.ms += 500
    expect(await lives(check, sessionId)).toBe(false)
    expect(owner.asked).toBe(2)
  })
})

describe('the memory of a process', () => {
  test('gives callers at the same time one look-up', async () => {
    const { redis, owner, newProcess } = setUp()
    const check = newProcess()
    await Promise.all(Array.from({ length: 20 }, () => check(sessionId)))
    expect(owner.asked).toBe(1)
    expect(redis.calls).toBe(2)
  })

  test('saves the second look-up within a second', async () => {
    const { redis, newProcess } = setUp()
    const check = newProcess()
    await check(sessionId)
    const { calls } = redis
    await check(sessionId)
    expect(redis.calls).toBe(calls)
  })

  test('holds no more sessions than it may', async () => {
    const { redis, newProcess } = setUp(2)
    const check = newProcess()
    const others = [systemIds.next('ses'), systemIds.next('ses')]
    for (const id of [sessionId, ...others]) await check(id)
    const { calls } = redis
    for (const id of others) await check(id)
    expect(redis.calls).toBe(calls)
    await check(sessionId)
    expect(redis.calls).toBe(calls + 1)
  })
})
