import { deriveToken, hashToken } from '#services/kit/auth/opaque-tokens.ts'
import type { MailedToken, MailedTokens } from '../ports.ts'

const FORM = /^(ott_[\w-]{43})~[\w-]{43}$/

/** A mailed token is `ott_...~secret`: the id finds it, so that wrong tries are counted, and the secret proves it. */
export const createMailedTokens = (secret: string): MailedTokens => ({
  derive: (messageId): MailedToken => {
    const id = `ott_${hashToken(messageId)}` as const
    const text = `${id}~${deriveToken(secret, 'mail', messageId)}`
    return { id, text, hash: hashToken(text) }
  },
  read: (presented) => {
    const id = FORM.exec(presented)?.[1]
    return id === undefined ? undefined : { id: `ott_${id.slice('ott_'.length)}`, hash: hashToken(presented) }
  },
})
