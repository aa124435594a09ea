import { project } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { IdentityProvider } from '../ports.ts'

const dependencies = { identities: IdentityProvider }

/** The account is committed: from now on it is more than a try to register. */
export const mirrorOnCreation = project(Users.UserCreated, dependencies, ({ data: { userId } }, { identities }) =>
  identities.mirror(userId),
)

export const mirrorOnVerification = project(Users.UserVerified, dependencies, ({ data: { userId } }, { identities }) =>
  identities.mirror(userId),
)

export const mirrorOnUpdate = project(Users.UserUpdated, dependencies, ({ data: { userId } }, { identities }) =>
  identities.mirror(userId),
)

export const mirrorOnRoleChange = project(Users.UserRoleChanged, dependencies, ({ data: { userId } }, { identities }) =>
  identities.mirror(userId),
)
