import { UserId } from '#domain/kernel/ids.ts'
import { UserNotFound } from '#domain/user/errors.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { AccountQueries } from '../ports.ts'
import { Account } from '../views.ts'

export const GetUser = query('user.get_user', {
  input: z.strictObject({ userId: UserId }),
  output: Account,
  errors: [UserNotFound],
  scope: 'users:read',
})

export const getUser = queryHandler(GetUser, { accounts: AccountQueries }, async ({ input }, { accounts }) => {
  const account = await accounts.find(input.userId)
  if (!account) throw UserNotFound(input.userId)
  return account
})

export const getUserRoute = route(GetUser, {
  method: 'get',
  path: '/v1/users/{userId}',
  tag: 'Users',
  summary: 'Get a user',
})
