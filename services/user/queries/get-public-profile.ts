import { UserId } from '#domain/kernel/ids.ts'
import { UserNotFound } from '#domain/user/errors.ts'
import { PublicProfile } from '#domain/user/profile.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { PublicProfiles } from '../ports.ts'

export const GetPublicProfile = query('user.get_public_profile', {
  input: z.strictObject({ userId: UserId }),
  output: PublicProfile,
  errors: [UserNotFound],
  scope: 'public',
})

export const getPublicProfile = queryHandler(
  GetPublicProfile,
  { profiles: PublicProfiles },
  async ({ input: { userId } }, { profiles }) => {
    const profile = await profiles.one(userId)
    if (!profile) throw UserNotFound(userId)
    return profile
  },
)

export const getPublicProfileRoute = route(GetPublicProfile, {
  method: 'get',
  path: '/v1/users/{userId}/public',
  tag: 'Profiles',
  summary: 'Get what a user shows to everybody',
})
