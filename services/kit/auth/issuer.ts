import type { Role } from '#bus/cqrs/actor.ts'
import type { Instant } from '#domain/kernel/clock.ts'
import type { SessionId, UserId } from '#domain/kernel/ids.ts'
import { calculateJwkThumbprint, type JSONWebKeySet, SignJWT } from 'jose'
import { createPrivateKey, createPublicKey, randomUUID } from 'node:crypto'

/** The longest that an access token may be good. */
export const ACCESS_TOKEN_SECONDS = 15 * 60

/** The header's `typ` of access tokens (RFC 9068), which keeps other tokens of the issuer from passing as one. */
export const ACCESS_TOKEN_TYPE = 'at+jwt'

export interface IssuerOptions {
  /** RSA private key of 2048 bits or more, PEM. */
  readonly privateKeyPem: string
  /** The `iss` of every token: a URL that stays. */
  readonly issuer: string
  /** The `aud` of every token. */
  readonly audience: string
}

export interface AccessTokenClaims {
  readonly userId: UserId
  readonly sessionId: SessionId
  readonly roles: readonly Role[]
  readonly emailVerified: boolean
  /** When the session began, which refreshing does not change. */
  readonly loggedInAt: Instant
  readonly now: Instant
}

export interface AccessToken {
  readonly token: string
  readonly expiresInSeconds: number
}

/** Signs access tokens (RS256) and publishes the key that verifies them. */
export interface Issuer {
  /** The document of `/.well-known/jwks.json`. */
  readonly jwks: JSONWebKeySet
  issueAccessToken(claims: AccessTokenClaims): Promise<AccessToken>
}

const secondsOf = (instant: Instant): number => Math.floor(Date.parse(instant) / 1000)

/**
 * The local issuer. The key's id is its thumbprint (RFC 7638), the same in every process that has the key.
 *
 * @example
 * const issuer = await createIssuer({ privateKeyPem, issuer: 'http://localhost:3000', audience: 'education-platform' })
 * const { token } = await issuer.issueAccessToken({ userId, sessionId, roles, emailVerified, loggedInAt, now: clock.now() })
 */
export const createIssuer = async ({ privateKeyPem, issuer, audience }: IssuerOptions): Promise<Issuer> => {
  const privateKey = createPrivateKey(privateKeyPem)
  const { kty, n, e } = createPublicKey(privateKey).export({ format: 'jwk' })
  if (kty !== 'RSA' || !n || !e) throw new Error('The signing key must be an RSA key.')
  const kid = await calculateJwkThumbprint({ kty, n, e })

  return {
    jwks: { keys: [{ kty, n, e, kid, use: 'sig', alg: 'RS256' }] },
    issueAccessToken: async ({ userId, sessionId, roles, emailVerified, loggedInAt, now }) => {
      const issuedAt = secondsOf(now)
      const claims = { sid: sessionId, roles, email_verified: emailVerified, auth_time: secondsOf(loggedInAt) }
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', typ: ACCESS_TOKEN_TYPE, kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setJti(randomUUID())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + ACCESS_TOKEN_SECONDS)
        .sign(privateKey)
      return { token, expiresInSeconds: ACCESS_TOKEN_SECONDS }
    },
  }
}
