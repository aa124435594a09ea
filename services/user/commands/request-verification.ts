import { UserNotFound } from '#domain/user/errors.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { Users } from '#bus/patterns/user.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { UserRepository } from '../ports.ts'
import { signedIn } from '../signed-in.ts'

export const RequestVerification = command('user.request_verification', {
  input: z.strictObject({}),
  output: z.void(),
  errors: [UserNotFound],
  scope: 'profile:write',
})

export const requestVerification = handler(
  RequestVerification,
  { users: UserRepository },
  async ({ actor, tx, ids }, { users }) => {
    const { userId } = signedIn(actor)
    const user = await users.load(userId)
    if (!user) throw UserNotFound(userId)
    if (user.account.emailVerifiedAt !== null) return
    tx.send(Users.SendVerification, { userId }, { key: userId, idempotencyKey: ids.next('msg') })
  },
)

export const requestVerificationRoute = route(RequestVerification, {
  method: 'post',
  path: '/v1/auth/verification',
  status: 202,
  tag: 'Auth',
  summary: 'Send the verification mail again',
  description: 'Once a minute. Where the address is verified already, nothing is sent.',
  location: () => '/v1/users/me',
  rateLimit: { limit: 1, windowSeconds: 60, onFailure: 'closed' },
})
