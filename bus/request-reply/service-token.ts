import { type Clock, SECOND } from '#domain/kernel/clock.ts'
import { decodeJwt, jwtVerify, SignJWT } from 'jose'
import { createPrivateKey, createPublicKey, hash, type KeyObject, randomUUID } from 'node:crypto'
import { Unauthenticated } from '../cqrs/errors.ts'
import { SOURCE_PREFIX } from '../envelope.ts'

const TOKEN_SECONDS = 60
/** A token is used again while so much of it is left: long enough for the longest way through a queue. */
const LEFT_MS = 30 * SECOND
/** How far the clock of another service may be ahead of ours. */
const SKEW_SECONDS = 5
/** Keeps other tokens from passing as one of these. */
const TOKEN_TYPE = 'service+jwt'
const MOST_KNOWN = 1_000

/** Makes the token by which another service knows this one. */
export type IssueServiceToken = (audience: string) => Promise<string>

/** Tells which service a token was made by. Throws `Unauthenticated`, whatever is wrong with it. */
export type CheckServiceToken = (token: string) => Promise<string>

const ed25519 = (key: KeyObject): KeyObject => {
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('Service tokens take Ed25519 keys.')
  return key
}

export interface ServiceTokenOptions {
  readonly service: string
  /** Ed25519, PKCS #8 PEM; no other service has it. */
  readonly privateKeyPem: string
  readonly clock: Clock
}

/** Signs tokens that are good for a minute, for one service each. */
export const createServiceTokens = ({ service, privateKeyPem, clock }: ServiceTokenOptions): IssueServiceToken => {
  const key = ed25519(createPrivateKey(privateKeyPem))
  const made = new Map<string, { readonly token: Promise<string>; readonly untilMs: number }>()

  const sign = (audience: string, nowMs: number): Promise<string> => {
    const issuedAt = Math.floor(nowMs / SECOND)
    return new SignJWT()
      .setProtectedHeader({ alg: 'EdDSA', typ: TOKEN_TYPE })
      .setIssuer(`${SOURCE_PREFIX}${service}`)
      .setAudience(`${SOURCE_PREFIX}${audience}`)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + TOKEN_SECONDS)
      .sign(key)
  }

  return (audience) => {
    const nowMs = Date.parse(clock.now())
    const known = made.get(audience)
    if (known && nowMs < known.untilMs) return known.token
    const token = sign(audience, nowMs)
    made.set(audience, { token, untilMs: nowMs + TOKEN_SECONDS * SECOND - LEFT_MS })
    return token
  }
}

export interface TokenCheckOptions {
  /** The service that is called. */
  readonly service: string
  /** The public key of each service that may call, Ed25519, SPKI PEM. */
  readonly publicKeys: Readonly<Record<string, string>>
  readonly clock: Clock
}

/** Verifies the tokens of other services by the keys that are known; what it found is kept until the token expires. */
export const createTokenCheck = ({ service, publicKeys, clock }: TokenCheckOptions): CheckServiceToken => {
  const keys = new Map<string, KeyObject>(
    Object.entries(publicKeys).map(
      ([name, pem]) => [`${SOURCE_PREFIX}${name}`, ed25519(createPublicKey(pem))] as const,
    ),
  )
  const known = new Map<string, { readonly from: string; readonly expiresAtMs: number }>()

  const verify = async (token: string, now: string) => {
    const { iss } = decodeJwt(token)
    const key = keys.get(iss ?? '')
    if (iss === undefined || !key) throw Unauthenticated()
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['EdDSA'],
      typ: TOKEN_TYPE,
      issuer: iss,
      audience: `${SOURCE_PREFIX}${service}`,
      requiredClaims: ['exp', 'iat', 'jti'],
      maxTokenAge: TOKEN_SECONDS,
      clockTolerance: SKEW_SECONDS,
      currentDate: new Date(now),
    })
    return { from: iss.slice(SOURCE_PREFIX.length), expiresAtMs: (payload.exp ?? 0) * SECOND }
  }

  return async (token) => {
    const now = clock.now()
    const fingerprint = hash('sha256', token, 'base64url')
    const found = known.get(fingerprint)
    if (found && Date.parse(now) < found.expiresAtMs) return found.from
    try {
      const verified = await verify(token, now)
      if (known.size >= MOST_KNOWN) known.clear()
      known.set(fingerprint, verified)
      return verified.from
    } catch {
      throw Unauthenticated()
    }
  }
}
