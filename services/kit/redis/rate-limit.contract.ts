import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Clock } from '#domain/kernel/clock.ts'
import { createRateLimiter } from './rate-limit.ts'
import type { Redis } from './redis.ts'
import { uniqueKey } from './testing/unique-key.ts'

const handClock = (): Clock & { advance(ms: number): void } => {
  let nowMs = Date.now()
  return { now: () => new Date(nowMs).toISOString(), advance: (ms) => (nowMs += ms) }
}

/** What the rate limiter does on any `Redis`; time is the test's own. */
export const rateLimitContract = (name: string, connect: () => Promise<Redis>): void => {
  describe(`the rate limiter on ${name}`, () => {
    let redis: Redis
    beforeAll(async () => {
      redis = await connect()
    })
    afterAll(() => redis.close())

    const scene = (limit: number, windowSeconds: number) => {
      const clock = handClock()
      const limiter = createRateLimiter(redis, { clock })
      const key = uniqueKey()
      return { clock, take: () => limiter.take(key, { limit, windowSeconds }) }
    }

    test('a burst of more than the limit gets exactly the limit', async () => {
      const { take } = scene(100, 60)
      const decisions = await Promise.all(Array.from({ length: 137 }, take))
      expect(decisions.filter((decision) => decision.allowed)).toHaveLength(100)
    })

    test.each([
      [1, 1],
      [3, 1],
      [7, 60],
      [1000, 3600],
    ])('%i in %i s: exact whatever the division leaves over', async (limit, windowSeconds) => {
      const { clock, take } = scene(limit, windowSeconds)
      for (const round of ['first window', 'next window']) {
        const decisions = await Promise.all(Array.from({ length: limit + 2 }, take))
        expect(
          decisions.filter((decision) => decision.allowed),
          round,
        ).toHaveLength(limit)
        clock.advance(windowSeconds * 1000)
      }
    })

    test('says what is left and when it is back', async () => {
      const { take } = scene(2, 10)
      expect(await take()).toEqual({ allowed: true, limit: 2, remaining: 1, resetSeconds: 5, retryAfterSeconds: 0 })
      expect(await take()).toEqual({ allowed: true, limit: 2, remaining: 0, resetSeconds: 10, retryAfterSeconds: 0 })
      expect(await take()).toEqual({ allowed: false, limit: 2, remaining: 0, resetSeconds: 10, retryAfterSeconds: 5 })
    })

    test('places come back one by one, and refusals cost nothing', async () => {
      const { clock, take } = scene(2, 10)
      await Promise.all([take(), take(), take(), take()])
      clock.advance(4999)
      expect((await take()).allowed).toBe(false)
      clock.advance(1)
      expect((await take()).allowed).toBe(true)
      expect((await take()).allowed).toBe(false)
    })

    test('keys are counted apart', async () => {
      const [one, other] = [scene(1, 60), scene(1, 60)]
      expect((await one.take()).allowed).toBe(true)
      expect((await other.take()).allowed).toBe(true)
    })

    test('an instance whose clock is behind wins nothing', async () => {
      const { clock, take } = scene(1, 60)
      await take()
      clock.advance(-10_000)
      expect((await take()).allowed).toBe(false)
    })

    test('a clock that went back an hour promises nothing beyond one window', async () => {
      const { clock, take } = scene(2, 60)
      await take()
      clock.advance(-3_600_000)
      const said = { allowed: false, limit: 2, remaining: 0, resetSeconds: 60, retryAfterSeconds: 60 }
      expect(await take()).toEqual(said)
    })
  })
}
