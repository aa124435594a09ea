import { ROLES, type Role } from '#bus/cqrs/actor.ts'
import { Unauthenticated } from '#bus/cqrs/errors.ts'
import type { Clock, Instant } from '#domain/kernel/clock.ts'
import { SessionId, UserId } from '#domain/kernel/ids.ts'
import type { JSONWebKeySet } from 'jose'
import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto'
import { z } from 'zod'
import { ACCESS_TOKEN_SECONDS, ACCESS_TOKEN_TYPE } from './issuer.ts'
import { createLru } from '../lru.ts'
import { splitToken } from './token-parts.ts'

export interface VerifierOptions {
  /** The one issuer that is trusted; compared as text. */
  readonly issuer: string
  readonly audience: string
  /** The issuer's keys. A token with another key id is refused: nothing is fetched for it. */
  readonly jwks: JSONWebKeySet
  readonly clock: Clock
  /** Verdicts that are kept; 10,000 by default. */
  readonly cacheSize?: number
}

/** What a genuine access token says. */
export interface VerifiedToken {
  readonly userId: UserId
  readonly sessionId: SessionId
  readonly roles: readonly Role[]
  readonly emailVerified: boolean
  /** When the session began; undefined where the issuer did not say. */
  readonly loggedInAt: Instant | undefined
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number
}

/** Returns what the token says; throws `Unauthenticated`, whatever is wrong with it. */
export type Verifier = (token: string) => VerifiedToken

/** How far the issuer's clock may be ahead of ours. */
const SKEW_SECONDS = 5

// Strict: no other algorithm, and no header that names a key or an extension (jku, jwk, x5u, x5c, crit, b64, zip).
const Header = z.strictObject({ alg: z.literal('RS256'), typ: z.literal(ACCESS_TOKEN_TYPE), kid: z.string() })

const Seconds = z.int().min(0)

const claimsFor = (issuer: string, audience: string) =>
  z.object({
    iss: z.literal(issuer),
    aud: z.literal(audience),
    sub: UserId,
    sid: SessionId,
    roles: z.array(z.enum(ROLES)),
    email_verified: z.boolean(),
    auth_time: Seconds.optional(),
    iat: Seconds,
    exp: Seconds,
    nbf: Seconds.optional(),
    token_use: z.literal('access').optional(),
  })

type Claims = z.infer<ReturnType<typeof claimsFor>>

const isTimely = ({ iat, nbf = iat, exp }: Claims, nowMs: number): boolean =>
  nowMs < exp * 1000 && Math.max(iat, nbf) <= nowMs / 1000 + SKEW_SECONDS && exp - iat <= ACCESS_TOKEN_SECONDS

const importKeys = ({ keys }: JSONWebKeySet): ReadonlyMap<string, KeyObject> =>
  new Map(
    keys.map((jwk) => {
      const { kty, kid, n, e } = jwk
      const key = createPublicKey({ key: { kty, n, e }, format: 'jwk' })
      if (!kid || key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
        throw new Error('A key set for access tokens holds RSA keys of 2048 bits or more, each with a kid.')
      return [kid, key]
    }),
  )

/**
 * Verifies access tokens of one issuer by keys in memory. The verdict on a genuine token is kept under the token's hash
 * until it expires; whether its session still lives is a question for the session check.
 */
export const createVerifier = ({ issuer, audience, jwks, clock, cacheSize = 10_000 }: VerifierOptions): Verifier => {
  const keys = importKeys(jwks)
  const ClaimsSchema = claimsFor(issuer, audience)
  const verdicts = createLru<VerifiedToken>(cacheSize)

  const examine = (token: string, nowMs: number): VerifiedToken | undefined => {
    const parts = splitToken(token)
    if (!parts) return undefined
    const header = Header.safeParse(parts.header)
    const key = header.success ? keys.get(header.data.kid) : undefined
    if (!key || !verify('RSA-SHA256', parts.signed, key, parts.signature)) return undefined
    const claims = ClaimsSchema.safeParse(parts.claims)
    if (!claims.success || !isTimely(claims.data, nowMs)) return undefined
    const { sub, sid, roles, email_verified, auth_time, exp } = claims.data
    const loggedInAt = auth_time === undefined ? undefined : new Date(auth_time * 1000).toISOString()
    return { userId: sub, sessionId: sid, roles, emailVerified: email_verified, loggedInAt, expiresAtMs: exp * 1000 }
  }

  return (token) => {
    const nowMs = Date.parse(clock.now())
    const fingerprint = hash('sha256', token, 'base64url')
    const known = verdicts.get(fingerprint)
    if (known && nowMs < known.expiresAtMs) return known
    if (known) verdicts.delete(fingerprint)
    const verified = examine(token, nowMs)
    if (!verified) throw Unauthenticated()
    verdicts.set(fingerprint, verified)
    return verified
  }
}
