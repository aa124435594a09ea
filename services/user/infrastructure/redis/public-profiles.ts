import { PublicProfile } from '#domain/user/profile.ts'
import { createCache } from '#services/kit/redis/cache.ts'
import type { Redis } from '#services/kit/redis/redis.ts'
import type { ProfileQueries, PublicProfiles } from '../../ports.ts'

const RULE = { service: 'user', kind: 'user:pub', schema: PublicProfile, ttlSeconds: 3_600 } as const

export const createCachedProfiles = (profiles: ProfileQueries, redis: Redis): PublicProfiles => {
  const cache = createCache(redis, RULE)
  return {
    one: (userId) => cache.read(userId, async () => (await profiles.public([userId]))[0]),
    drop: cache.drop,
  }
}
