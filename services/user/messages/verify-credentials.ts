import { answer } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { CredentialRepository, LoginThrottle, Passwords } from '../ports.ts'
import { verifyPassword } from '../verify-password.ts'

export const verifyCredentials = answer(
  Users.VerifyCredentials,
  { throttle: LoginThrottle, credentials: CredentialRepository, passwords: Passwords },
  async ({ data: { email, password } }, { throttle, credentials, passwords }) => {
    await throttle.admit(email)
    const { user } = await verifyPassword(email, password, { credentials, passwords })
    return { userId: user.requireLogin().id }
  },
)
