import { UserId } from '#domain/kernel/ids.ts'
import { Forbidden } from '#bus/cqrs/errors.ts'
import { InvalidCredentials, PasswordRejected } from '#domain/user/errors.ts'
import { requireGoodPassword } from '#domain/user/password.ts'
import { ProfileFields, UserProfile } from '#domain/user/profile.ts'
import { User } from '#domain/user/user.ts'
import { EmailAddress, Role } from '#domain/user/values.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { z } from 'zod'
import { IdentityProvider, ProfileRepository, UserRepository } from '../ports.ts'
import { PasswordInput } from '../secret-text.ts'

/** The operator's door, not open to HTTP: the first admin and demo logins, verified and with their roles. */
export const ProvisionUser = command('user.provision_user', {
  input: z.strictObject({
    email: EmailAddress,
    password: PasswordInput,
    displayName: ProfileFields.shape.displayName,
    roles: z.array(Role).max(Role.options.length),
  }),
  output: z.object({ userId: UserId, created: z.boolean() }),
  errors: [PasswordRejected],
  scope: 'users:admin',
})

/** Where the account exists its password becomes the given one; the rest stays as it is. */
export const provisionUser = handler(
  ProvisionUser,
  { users: UserRepository, profiles: ProfileRepository, identities: IdentityProvider },
  async ({ input, actor, tx, ids, now }, { users, profiles, identities }) => {
    if (actor.kind !== 'service') throw Forbidden('of the operator')
    const { email, displayName, roles } = input
    const password = input.password.reveal()
    requireGoodPassword(password, email)
    const found = await users.byEmail(email)
    if (found) {
      const { id } = found
      await identities.verify(tx, email, password).catch((error: unknown) => {
        if (!InvalidCredentials.is(error)) throw error
        return identities.replacePassword(tx, id, password)
      })
      return { userId: id, created: false }
    }
    const userId = UserId.parse(ids.next('usr'))
    const place = { locale: 'en', timezone: 'UTC' }
    await identities.register(tx, userId, password)
    users.create(tx, User.provision({ id: userId, email, ...place }, roles, now))
    profiles.create(tx, UserProfile.create(userId, { displayName, ...place }, now))
    return { userId, created: true }
  },
)
