/** What every answer of an API carries; a page that shows something sets a wider policy of its own. */
export const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

const EXPOSED = [
  'ETag',
  'Idempotent-Replayed',
  'Link',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Correlation-Id',
].join(', ')

const REQUEST_HEADERS = 'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Correlation-Id'
const PREFLIGHT_SECONDS = 600

/** The CORS headers for an origin; none for an origin that is not on the list. */
export interface Cors {
  headersFor(origin: string | undefined): Readonly<Record<string, string>>
  preflightFor(origin: string | undefined, methods: string): Readonly<Record<string, string>>
}

/**
 * @param allowedOrigins as browsers send them, e.g. `https://learn.example.org`; compared exactly. Credentials are bearer
 * tokens that a page adds itself, so cookies are never allowed.
 */
export const createCors = (allowedOrigins: readonly string[] = []): Cors => {
  const vary = { vary: 'Origin' }
  const nothing = allowedOrigins.length === 0 ? {} : vary
  const byOrigin = new Map(
    allowedOrigins.map((origin) => [
      origin,
      { ...vary, 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED },
    ]),
  )
  return {
    headersFor: (origin) => (origin === undefined ? nothing : (byOrigin.get(origin) ?? nothing)),
    preflightFor: (origin, methods) => {
      if (origin === undefined || !byOrigin.has(origin)) return nothing
      return {
        'access-control-allow-methods': methods,
        'access-control-allow-headers': REQUEST_HEADERS,
        'access-control-max-age': String(PREFLIGHT_SECONDS),
      }
    },
  }
}
