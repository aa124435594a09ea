import { createIssuer, type IssuerOptions } from '#services/kit/auth/issuer.ts'
import type { AccessTokens } from '../ports.ts'

/** Signs with the platform's key what the account is at this moment; the next refresh tells what has changed. */
export const createAccessTokens = (options: IssuerOptions): AccessTokens => {
  const issuer = createIssuer(options)
  return {
    issue: async ({ id, roles, emailVerifiedAt }, { id: sessionId, startedAt: loggedInAt }, now) => {
      const emailVerified = emailVerifiedAt !== null
      return (await issuer).issueAccessToken({ userId: id, sessionId, roles, emailVerified, loggedInAt, now })
    },
    jwks: async () => (await issuer).jwks,
  }
}
