import { SessionId } from '#domain/kernel/ids.ts'
import { AccountSuspended, InvalidCredentials, TooManyLogins } from '#domain/user/errors.ts'
import { Session } from '#domain/user/session.ts'
import { EmailAddress } from '#domain/user/values.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { AccessTokens, IdentityProvider, LoginThrottle, RefreshTokens, SessionRepository } from '../ports.ts'
import { PasswordInput } from '../secret-text.ts'
import { TokenPair } from '../views.ts'

export const Login = command('user.login', {
  input: z.strictObject({ email: EmailAddress, password: PasswordInput }),
  output: TokenPair,
  errors: [InvalidCredentials, AccountSuspended, TooManyLogins],
  scope: 'public',
})

export const login = handler(
  Login,
  {
    throttle: LoginThrottle,
    identities: IdentityProvider,
    sessions: SessionRepository,
    refreshTokens: RefreshTokens,
    accessTokens: AccessTokens,
  },
  async ({ input, tx, ids, now }, { throttle, identities, sessions, refreshTokens, accessTokens }) => {
    await throttle.admit(input.email)
    const user = await identities.verify(tx, input.email, input.password.reveal())
    // Only who knows the password hears that the account is suspended.
    const account = user.requireLogin()

    const refresh = refreshTokens.first(SessionId.parse(ids.next('ses')))
    const session = Session.start({ id: refresh.sessionId, userId: account.id, tokenHash: refresh.hash }, now)
    const access = await accessTokens.issue(account, session.state, now)
    sessions.create(tx, session, user)
    return {
      accessToken: access.token,
      tokenType: 'Bearer',
      expiresIn: access.expiresInSeconds,
      refreshToken: refresh.text,
    }
  },
)

export const loginRoute = route(Login, {
  method: 'post',
  path: '/v1/auth/login',
  tag: 'Auth',
  summary: 'Log in',
  description: 'Starts a session. An unknown address and a wrong password have one answer, and take equally long.',
  rateLimit: { limit: 60, windowSeconds: 60, per: 'address', onFailure: 'closed' },
  maxBodyBytes: 8_192,
  examples: { input: { email: 'ada@example.org' } },
})
