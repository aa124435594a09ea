import { answer } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { UserRepository } from '../ports.ts'

export const checkUserExists = answer(
  Users.CheckUserExists,
  { users: UserRepository },
  async ({ data: { email } }, { users }) => ({ exists: (await users.byEmail(email)) !== undefined }),
)
