import { UserNotFound } from '#domain/user/errors.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { AccountQueries } from '../ports.ts'

export const getUserById = answer(Users.GetUserById, { accounts: AccountQueries }, async ({ data }, { accounts }) => {
  const account = await accounts.find(data.userId)
  if (!account) throw UserNotFound(data.userId)
  const { userId, status, roles, emailVerified } = account
  return { userId, status, roles, emailVerified }
})
