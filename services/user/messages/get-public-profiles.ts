import { answer } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { ProfileQueries } from '../ports.ts'

export const getPublicProfiles = answer(
  Users.GetPublicProfiles,
  { profiles: ProfileQueries },
  async ({ data }, { profiles }) => ({ profiles: await profiles.public(data.userIds) }),
)
