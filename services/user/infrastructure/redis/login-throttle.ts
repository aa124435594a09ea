import type { Clock } from '#domain/kernel/clock.ts'
import { TooManyLogins } from '#domain/user/errors.ts'
import { Unavailable } from '#bus/cqrs/errors.ts'
import { deriveToken } from '#services/kit/auth/opaque-tokens.ts'
import { createRateLimiter, type RateLimit, type RateLimitDecision } from '#services/kit/redis/rate-limit.ts'
import { type Redis, RedisUnavailable } from '#services/kit/redis/redis.ts'
import type { LoginThrottle } from '../../ports.ts'

const PER_ACCOUNT: RateLimit = { limit: 10, windowSeconds: 60 }

/** Counts tries per account, known or not, under a key that does not show the address. Closed while Redis is away. */
export const createRedisLoginThrottle = (redis: Redis, clock: Clock, secret: string): LoginThrottle => {
  const limiter = createRateLimiter(redis, { clock })
  const take = async (key: string): Promise<RateLimitDecision> => {
    try {
      return await limiter.take(key, PER_ACCOUNT)
    } catch (error) {
      throw error instanceof RedisUnavailable ? Unavailable('Signing in') : error
    }
  }
  return {
    admit: async (email) => {
      const { allowed, retryAfterSeconds } = await take(`user:login:${deriveToken(secret, 'login', email)}`)
      if (!allowed) throw TooManyLogins(retryAfterSeconds)
    },
  }
}
