import type { SessionId } from '#domain/kernel/ids.ts'
import { ACCESS_TOKEN_SECONDS } from '#services/kit/auth/issuer.ts'
import { markRevoked } from '#services/kit/auth/sessions.ts'
import { type Redis, RedisUnavailable } from '#services/kit/redis/redis.ts'
import type { SessionMarks } from '../../ports.ts'

/** A minute more than the last access token of the session is good for. */
const MARK_SECONDS = ACCESS_TOKEN_SECONDS + 60

export const createRedisSessionMarks = (redis: Redis): SessionMarks => {
  const mark = (id: SessionId): Promise<void> => markRevoked(redis, id, MARK_SECONDS)
  return {
    markEnded: async (ids) => {
      try {
        await Promise.all(ids.map(mark))
        return true
      } catch (error) {
        if (error instanceof RedisUnavailable) return false
        throw error
      }
    },
  }
}
