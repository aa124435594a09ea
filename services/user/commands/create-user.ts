import { UserId } from '#domain/kernel/ids.ts'
import { EmailTaken, PasswordRejected } from '#domain/user/errors.ts'
import { requireGoodPassword } from '#domain/user/password.ts'
import { ProfileFields, UserProfile } from '#domain/user/profile.ts'
import { User } from '#domain/user/user.ts'
import { EmailAddress } from '#domain/user/values.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { Users } from '#bus/patterns/user.ts'
import { route } from '#services/kit/http/route.ts'
import { Sagas } from '#services/kit/ports.ts'
import { z } from 'zod'
import { IdentityProvider, ProfileRepository, UserRepository } from '../ports.ts'
import { UserOnboarding } from '../sagas/user-onboarding.ts'
import { PasswordInput } from '../secret-text.ts'

export const CreateUser = command('user.create_user', {
  input: z.strictObject({
    email: EmailAddress,
    password: PasswordInput,
    displayName: ProfileFields.shape.displayName,
    locale: ProfileFields.shape.locale,
    timezone: ProfileFields.shape.timezone,
  }),
  output: z.object({ userId: UserId }),
  errors: [EmailTaken, PasswordRejected],
  scope: 'public',
  idempotent: true,
})

export const createUser = handler(
  CreateUser,
  {
    users: UserRepository,
    profiles: ProfileRepository,
    identities: IdentityProvider,
    sagas: Sagas,
  },
  async ({ input, tx, ids, now }, { users, profiles, identities, sagas }) => {
    const { email, password, displayName, locale, timezone } = input
    requireGoodPassword(password.reveal(), email)
    if (await users.byEmail(email)) throw EmailTaken()
    const userId = UserId.parse(ids.next('usr'))
    const user = User.register({ id: userId, email, locale, timezone }, now)
    await identities.register(tx, userId, password.reveal())
    users.create(tx, user)
    profiles.create(tx, UserProfile.create(userId, { displayName, locale, timezone }, now))
    tx.send(Users.SendVerification, { userId }, { key: userId, idempotencyKey: ids.next('msg') })
    sagas.start(tx, UserOnboarding, userId, { userId })
    return { userId }
  },
)

export const createUserRoute = route(CreateUser, {
  method: 'post',
  path: '/v1/users',
  status: 201,
  tag: 'Users',
  summary: 'Register',
  description:
    'Anyone may register, as a learner. A mail with a token to verify the address follows, and two reminders; ' +
    'an account that is not verified within 30 days is erased.',
  location: ({ userId }) => `/v1/users/${userId}`,
  rateLimit: { limit: 120, windowSeconds: 60, per: 'address' },
  maxBodyBytes: 8_192,
  examples: {
    input: { email: 'ada@example.org', displayName: 'Ada Lovelace', locale: 'en-GB', timezone: 'Europe/London' },
  },
})
