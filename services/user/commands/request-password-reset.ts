import { UserId } from '#domain/kernel/ids.ts'
import { TooManyResets } from '#domain/user/errors.ts'
import { EmailAddress } from '#domain/user/values.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { Users } from '#bus/patterns/user.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { ResetThrottle, UserRepository } from '../ports.ts'

export const RequestPasswordReset = command('user.request_password_reset', {
  input: z.strictObject({ email: EmailAddress }),
  output: z.void(),
  errors: [TooManyResets],
  scope: 'public',
})

/** An address that nobody has takes the same way in the same time: its message finds no account, and mails nothing. */
export const requestPasswordReset = handler(
  RequestPasswordReset,
  { throttle: ResetThrottle, users: UserRepository },
  async ({ input: { email }, tx, ids }, { throttle, users }) => {
    await throttle.admit(email)
    const user = await users.byEmail(email)
    const userId = user?.id ?? UserId.parse(ids.next('usr'))
    tx.send(Users.SendPasswordReset, { userId }, { key: userId, idempotencyKey: ids.next('msg') })
  },
)

export const requestPasswordResetRoute = route(RequestPasswordReset, {
  method: 'post',
  path: '/v1/auth/password-reset',
  status: 202,
  tag: 'Auth',
  summary: 'Ask for a mail to reset a password',
  description:
    'Answers alike for an address that nobody has. At most five mails in a quarter of an hour for one address.',
  location: () => '/v1/auth/password-reset/confirm',
  rateLimit: { limit: 60, windowSeconds: 60, per: 'address', onFailure: 'closed' },
  maxBodyBytes: 8_192,
  examples: { input: { email: 'ada@example.org' } },
})
