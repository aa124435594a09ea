import { UserNotFound } from '#domain/user/errors.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { AccountQueries } from '../ports.ts'
import { signedIn } from '../signed-in.ts'
import { Account } from '../views.ts'

export const GetMe = query('user.get_me', {
  input: z.strictObject({}),
  output: Account,
  errors: [UserNotFound],
  scope: 'profile:read',
})

export const getMe = queryHandler(GetMe, { accounts: AccountQueries }, async ({ actor }, { accounts }) => {
  const { userId } = signedIn(actor)
  const account = await accounts.find(userId)
  if (!account) throw UserNotFound(userId)
  return account
})

export const getMeRoute = route(GetMe, { method: 'get', path: '/v1/users/me', tag: 'Users', summary: 'Get my account' })
