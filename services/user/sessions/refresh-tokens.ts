import { SessionId } from '#domain/kernel/ids.ts'
import { deriveToken, hashToken, newOpaqueToken } from '#services/kit/auth/opaque-tokens.ts'
import type { RefreshToken, RefreshTokens } from '../ports.ts'

/** Each token's successor is its keyed hash, so that a refresh whose reply was lost gets the same one again. */
export const createRefreshTokens = (secret: string): RefreshTokens => {
  const make = (sessionId: SessionId, tokenSecret: string): RefreshToken => {
    const text = `${sessionId}~${tokenSecret}`
    return { sessionId, text, hash: hashToken(text) }
  }
  return {
    first: (sessionId) => make(sessionId, newOpaqueToken()),
    read: (presented) => {
      const [id, tokenSecret, ...more] = presented.split('~')
      const sessionId = SessionId.safeParse(id)
      if (!sessionId.success || !tokenSecret || more.length > 0) return undefined
      return {
        presented: make(sessionId.data, tokenSecret),
        next: make(sessionId.data, deriveToken(secret, 'refresh', presented)),
      }
    },
  }
}
