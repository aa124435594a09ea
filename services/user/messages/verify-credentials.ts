import { answer } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { IdentityProvider, LoginThrottle } from '../ports.ts'

export const verifyCredentials = answer(
  Users.VerifyCredentials,
  { throttle: LoginThrottle, identities: IdentityProvider },
  async ({ data: { email, password }, tx }, { throttle, identities }) => {
    await throttle.admit(email)
    const user = await identities.verify(tx, email, password)
    return { userId: user.requireLogin().id }
  },
)
