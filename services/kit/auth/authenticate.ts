import { type Actor, anonymous, type Role } from '#bus/cqrs/actor.ts'
import { Unauthenticated } from '#bus/cqrs/errors.ts'
import { scopesOf } from './scopes.ts'
import type { SessionCheck } from './sessions.ts'
import type { VerifiedToken } from './verifier.ts'

export interface AuthenticateOptions {
  /** A verifier of this process's own keys, or of an issuer in another. */
  readonly verifier: (token: string) => VerifiedToken | Promise<VerifiedToken>
  readonly sessions: SessionCheck
  /** The scopes of roles; the platform's table by default. */
  readonly scopes?: (roles: readonly Role[]) => ReadonlySet<string>
}

/**
 * Who asks: anonymous without an `Authorization` header, else the signed-in user. Throws `Unauthenticated` for anything
 * in that header but one good bearer token of a live session. Cookies and queries carry no credentials.
 */
export type Authenticate = (headers: Pick<Headers, 'get'>) => Promise<Actor>

const bearer = /^Bearer ([\w.-]+)$/i

export const createAuthenticate =
  ({ verifier, sessions, scopes = scopesOf }: AuthenticateOptions): Authenticate =>
  async (headers) => {
    const credentials = headers.get('authorization')
    if (credentials === null) return anonymous
    const token = bearer.exec(credentials)?.[1]
    if (!token) throw Unauthenticated()
    const { userId, sessionId, roles, emailVerified, loggedInAt } = await verifier(token)
    await sessions(sessionId)
    return { kind: 'user', userId, sessionId, roles, scopes: scopes(roles), emailVerified, loggedInAt }
  }
