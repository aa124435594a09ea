import { SessionEnded } from '#domain/user/errors.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { refuseAfterCommit } from '#bus/unit-of-work/refuse-after-commit.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { AccessTokens, RefreshTokens, SessionMarks, SessionRepository, UserRepository } from '../ports.ts'
import { endSession } from '../sessions/end-sessions.ts'
import { TokenPair } from '../views.ts'

export const RefreshSession = command('user.refresh_session', {
  input: z.strictObject({ refreshToken: z.string().min(1).max(200) }),
  output: TokenPair,
  errors: [SessionEnded],
  scope: 'public',
})

export const refreshSession = handler(
  RefreshSession,
  {
    refreshTokens: RefreshTokens,
    sessions: SessionRepository,
    users: UserRepository,
    accessTokens: AccessTokens,
    marks: SessionMarks,
  },
  async ({ input, tx, now }, { refreshTokens, sessions, users, accessTokens, marks }) => {
    const tokens = refreshTokens.read(input.refreshToken)
    const session = tokens && (await sessions.load(tokens.presented.sessionId))
    const account = session && (await users.load(session.state.userId))?.state
    if (!session || account?.status !== 'ACTIVE') throw SessionEnded()

    const outcome = session.rotate(tokens.presented.hash, tokens.next.hash, now)
    if (outcome === 'expired' || outcome === 'revoked') throw SessionEnded()
    if (outcome === 'reused') {
      await endSession(tx, session, 'reuse', { sessions, marks })
      throw refuseAfterCommit(SessionEnded())
    }
    if (outcome === 'rotated') sessions.saveRotated(tx, session)
    const access = await accessTokens.issue(account, session.state, now)
    return {
      accessToken: access.token,
      tokenType: 'Bearer',
      expiresIn: access.expiresInSeconds,
      refreshToken: tokens.next.text,
    }
  },
)

export const refreshSessionRoute = route(RefreshSession, {
  method: 'post',
  path: '/v1/auth/refresh',
  tag: 'Auth',
  summary: 'Refresh a session',
  description:
    'Exchanges a refresh token for the next one and an access token that carries what has changed. A token that was ' +
    'exchanged already ends its session, except for a repeat within ten seconds, whose reply may have been lost.',
  rateLimit: { limit: 120, windowSeconds: 60, per: 'address' },
  maxBodyBytes: 8_192,
})
