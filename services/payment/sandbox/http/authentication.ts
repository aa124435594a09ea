import { createHash, timingSafeEqual } from 'node:crypto'
import { StripeError, unauthorized } from '../stripe/errors.ts'

export interface ApiKeys {
  secret: string
  publishable: string
}

export type Audience = 'merchant' | 'payer'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
export const equalSecrets = (left: string, right: string): boolean => timingSafeEqual(digest(left), digest(right))

/** `Authorization: Bearer KEY`, or the user name of `curl -u KEY:`. */
const presentedKey = (authorization: string | undefined): string | undefined => {
  const [scheme = '', credentials = ''] = authorization?.split(' ') ?? []
  if (scheme.toLowerCase() === 'bearer') return credentials
  if (scheme.toLowerCase() !== 'basic') return undefined
  return Buffer.from(credentials, 'base64').toString().split(':')[0]
}

/** A secret key speaks for the merchant, a publishable one for whoever holds the client secret of an intent. */
export const authenticate = (keys: ApiKeys, authorization: string | undefined): Audience => {
  const key = presentedKey(authorization)
  if (!key) {
    throw unauthorized(
      'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer ' +
        "auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    )
  }
  if (equalSecrets(key, keys.secret)) return 'merchant'
  if (equalSecrets(key, keys.publishable)) return 'payer'
  throw unauthorized(`Invalid API Key provided: ${key.slice(0, 8)}***`)
}

export const secretKeyRequired = (): StripeError =>
  new StripeError(
    401,
    'invalid_request_error',
    'This API call cannot be made with a publishable API key. Please use a secret API key.',
    { code: 'secret_key_required' },
  )
