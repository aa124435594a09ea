import { EmailTaken, InvalidCredentials, PasswordWrong, TooManyLogins, UserNotFound } from '#domain/user/errors.ts'
import { EmailAddress } from '#domain/user/values.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { Users } from '#bus/patterns/user.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { IdentityProvider, LoginThrottle, UserRepository } from '../ports.ts'
import { PasswordInput } from '../secret-text.ts'
import { signedIn } from '../signed-in.ts'

export const RequestEmailChange = command('user.request_email_change', {
  input: z.strictObject({ email: EmailAddress, password: PasswordInput }),
  output: z.void(),
  errors: [UserNotFound, PasswordWrong, EmailTaken, TooManyLogins],
  scope: 'profile:write',
})

/** Who holds no more than a session cannot take the account away: the password is asked for again. */
export const requestEmailChange = handler(
  RequestEmailChange,
  { users: UserRepository, throttle: LoginThrottle, identities: IdentityProvider },
  async ({ input, actor, tx, ids }, { users, throttle, identities }) => {
    const { userId } = signedIn(actor)
    const user = await users.load(userId)
    if (!user) throw UserNotFound(userId)
    const { email } = user.account
    await throttle.admit(email)
    await identities.verify(tx, email, input.password.reveal()).catch((error: unknown) => {
      throw InvalidCredentials.is(error) ? PasswordWrong() : error
    })
    if (input.email !== email && (await users.byEmail(input.email))) throw EmailTaken()

    user.requestEmailChange(input.email)
    users.save(tx, user)
    if (user.account.pendingEmail === null) return
    tx.send(Users.SendEmailChange, { userId }, { key: userId, idempotencyKey: ids.next('msg') })
  },
)

export const requestEmailChangeRoute = route(RequestEmailChange, {
  method: 'post',
  path: '/v1/users/me/email-change',
  status: 202,
  tag: 'Users',
  summary: 'Ask for another e-mail address',
  description:
    'A token is mailed to the new address and a notice to the old one; redeeming the token at `/v1/auth/verify-email` ' +
    'changes the address. The latest wish counts, and one for the address that you have takes it back.',
  location: () => '/v1/users/me',
  rateLimit: { limit: 10, windowSeconds: 60, onFailure: 'closed' },
  maxBodyBytes: 8_192,
  examples: { input: { email: 'ada.lovelace@example.org' } },
})
