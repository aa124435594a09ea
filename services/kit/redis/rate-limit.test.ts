import { expect, test } from 'vitest'
import { systemClock } from '#domain/kernel/clock.ts'
import { createEngine } from './engine.ts'
import { rateLimitContract } from './rate-limit.contract.ts'
import { createRateLimiter } from './rate-limit.ts'
import { RedisUnavailable } from './redis.ts'
import { withOutage } from './testing/outage.ts'

rateLimitContract('the in-process engine', async () => createEngine({ now: Date.now }))

test('without Redis the caller decides: the limiter throws', async () => {
  const redis = withOutage(createEngine({ now: Date.now }))
  redis.down()
  const limiter = createRateLimiter(redis, { clock: systemClock })
  await expect(limiter.take('login', { limit: 5, windowSeconds: 60 })).rejects.toBeInstanceOf(RedisUnavailable)
})

test('a key goes when its quota is full again', async () => {
  let nowMs = Date.now()
  const engine = createEngine({ now: () => nowMs })
  const limiter = createRateLimiter(engine, { clock: { now: () => new Date(nowMs).toISOString() } })
  await limiter.take('k', { limit: 10, windowSeconds: 60 })
  expect(await engine.command('EXISTS', 'rl:k')).toBe(1)
  nowMs += 6001
  expect(await engine.command('EXISTS', 'rl:k')).toBe(0)
})
