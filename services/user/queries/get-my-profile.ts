import { UserNotFound } from '#domain/user/errors.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { ProfileQueries } from '../ports.ts'
import { signedIn } from '../signed-in.ts'
import { OwnProfile } from '../views.ts'

export const GetMyProfile = query('user.get_my_profile', {
  input: z.strictObject({}),
  output: OwnProfile,
  errors: [UserNotFound],
  scope: 'profile:read',
})

export const getMyProfile = queryHandler(
  GetMyProfile,
  { profiles: ProfileQueries },
  async ({ actor }, { profiles }) => {
    const { userId } = signedIn(actor)
    const profile = await profiles.own(userId)
    if (!profile) throw UserNotFound(userId)
    return profile
  },
)

export const getMyProfileRoute = route(GetMyProfile, {
  method: 'get',
  path: '/v1/users/me/profile',
  tag: 'Profiles',
  summary: 'Get my profile',
})
