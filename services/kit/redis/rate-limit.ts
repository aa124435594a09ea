import type { Clock } from '#domain/kernel/clock.ts'
import { z } from 'zod'
import { rateLimitScript } from './rate-limit-script.ts'
import type { Redis } from './redis.ts'

export interface RateLimit {
  /** Requests that may arrive at once, and that are free again after one window; a positive integer. */
  readonly limit: number
  readonly windowSeconds: number
}

/** What the RateLimit and Retry-After headers say. */
export interface RateLimitDecision {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Whole seconds until the full quota is free again, rounded up. */
  readonly resetSeconds: number
  /** Whole seconds until one more request is allowed, at least 1; 0 when this one was. */
  readonly retryAfterSeconds: number
}

export interface RateLimiter {
  /** Counts one request. Throws `RedisUnavailable`: whether that admits or refuses is the caller's policy. */
  take(key: string, rule: RateLimit): Promise<RateLimitDecision>
}

const Reply = z.tuple([z.number(), z.number(), z.number()])
const MICROS = 1_000_000
const KEY_PREFIX = 'rl:'

const wholeSeconds = (micros: number): number => Math.ceil(micros / MICROS)

/**
 * A rate limiter that all instances share: the generic cell rate algorithm, decided in one atomic script. Of any burst
 * exactly `limit` requests pass; places then return evenly, one every `windowSeconds / limit`. A refused request costs
 * nothing. Keys are `rl:` + key and vanish when their quota is full.
 *
 * @example
 * const limiter = createRateLimiter(redis, { clock: systemClock })
 * const { allowed } = await limiter.take(`login:${address}`, { limit: 10, windowSeconds: 60 })
 */
export const createRateLimiter = (redis: Redis, { clock }: { readonly clock: Clock }): RateLimiter => ({
  async take(key, { limit, windowSeconds }) {
    const now = Date.parse(clock.now()) * 1000
    const interval = Math.max(1, Math.floor((windowSeconds * MICROS) / limit))
    const burst = interval * limit
    const reply = await redis.script(rateLimitScript, [KEY_PREFIX + key], [now, interval, burst].map(String))
    const [allowed, toFull, toNext] = Reply.parse(reply)
    // A counter more than a window ahead is from before the clock went back; its key is gone within a window.
    const resetMicros = Math.min(toFull, burst)
    const retryMicros = Math.min(toNext, burst)
    return {
      allowed: allowed === 1,
      limit,
      remaining: Math.floor((burst - resetMicros) / interval),
      resetSeconds: wholeSeconds(resetMicros),
      retryAfterSeconds: wholeSeconds(retryMicros),
    }
  },
})
