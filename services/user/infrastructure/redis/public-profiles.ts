import { PublicProfile } from '#domain/user/profile.ts'
import type { Cache, CacheRule } from '#services/kit/redis/cache.ts'
import type { ProfileQueries, PublicProfiles } from '../../ports.ts'

const RULE: CacheRule<PublicProfile> = { kind: 'user:pub', schema: PublicProfile, ttlSeconds: 3_600 }

export const createCachedProfiles = (profiles: ProfileQueries, cache: Cache): PublicProfiles => ({
  one: (userId) => cache.read(RULE, userId, async () => (await profiles.public([userId]))[0]),
  drop: (userId) => cache.drop(RULE, userId),
})
