import type { Clock } from '#domain/kernel/clock.ts'
import type { DomainError } from '#domain/kernel/errors.ts'
import { TooManyLogins, TooManyResets } from '#domain/user/errors.ts'
import type { EmailAddress } from '#domain/user/values.ts'
import { Unavailable } from '#bus/cqrs/errors.ts'
import { deriveToken } from '#services/kit/auth/opaque-tokens.ts'
import { createRateLimiter, type RateLimit, type RateLimitDecision } from '#services/kit/redis/rate-limit.ts'
import { type Redis, RedisUnavailable } from '#services/kit/redis/redis.ts'
import type { LoginThrottle, ResetThrottle } from '../../ports.ts'

const TRIES: RateLimit = { limit: 10, windowSeconds: 60 }
const RESETS: RateLimit = { limit: 5, windowSeconds: 900 }

/** Counts per account, known or not, under a key that does not show the address. Closed while Redis is away. */
const createThrottle = (
  door: string,
  limit: RateLimit,
  refuse: (retryAfterSeconds: number) => DomainError,
  { redis, clock, secret }: { readonly redis: Redis; readonly clock: Clock; readonly secret: string },
) => {
  const limiter = createRateLimiter(redis, { clock })
  const take = async (key: string): Promise<RateLimitDecision> => {
    try {
      return await limiter.take(key, limit)
    } catch (error) {
      throw error instanceof RedisUnavailable ? Unavailable('Signing in') : error
    }
  }
  return {
    admit: async (email: EmailAddress): Promise<void> => {
      const { allowed, retryAfterSeconds } = await take(`user:${door}:${deriveToken(secret, door, email)}`)
      if (!allowed) throw refuse(retryAfterSeconds)
    },
  }
}

/** Tries to say the password of an account. */
export const createRedisLoginThrottle = (redis: Redis, clock: Clock, secret: string): LoginThrottle =>
  createThrottle('login', TRIES, TooManyLogins, { redis, clock, secret })

/** Mails that somebody asks for to reset the password of an account. */
export const createRedisResetThrottle = (redis: Redis, clock: Clock, secret: string): ResetThrottle =>
  createThrottle('reset', RESETS, TooManyResets, { redis, clock, secret })
