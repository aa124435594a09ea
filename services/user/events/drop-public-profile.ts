import { project } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { PublicProfiles } from '../ports.ts'

const dependencies = { profiles: PublicProfiles }

export const dropOnUpdate = project(Users.UserProfileUpdated, dependencies, ({ data: { userId } }, { profiles }) =>
  profiles.drop(userId),
)

/** Nothing of a person who has gone stays in Redis either. */
export const dropOnDeletion = project(Users.UserDeleted, dependencies, ({ data: { userId } }, { profiles }) =>
  profiles.drop(userId),
)
