/** The parts of a signed token, decoded but not trusted. */
export interface TokenParts {
  readonly header: unknown
  readonly claims: unknown
  /** What the signature covers. */
  readonly signed: Buffer
  readonly signature: Buffer
}

/** Bytes of a token; ours have about 900. */
const MAX_TOKEN_LENGTH = 4096

/** Undefined where another text decodes to the same bytes: every token has one spelling. */
const decode = (segment: string): Buffer | undefined => {
  const bytes = Buffer.from(segment, 'base64url')
  return bytes.toString('base64url') === segment ? bytes : undefined
}

/** Undefined for anything but the compact JSON of an object with distinct keys, which is what issuers write. */
const parseCompactJson = (segment: string): unknown => {
  const text = decode(segment)?.toString('utf8')
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    // Parsers differ in which of two equal keys counts, so that a token could mean two things.
    return JSON.stringify(value) === text ? value : undefined
  } catch {
    return undefined
  }
}

/** Splits a compact JWS; undefined when it is malformed in any way. */
export const splitToken = (token: string): TokenParts | undefined => {
  if (token.length > MAX_TOKEN_LENGTH) return undefined
  const [first, second, third, ...more] = token.split('.')
  if (!first || !second || !third || more.length > 0) return undefined
  const header = parseCompactJson(first)
  const claims = parseCompactJson(second)
  const signature = decode(third)
  if (header === undefined || claims === undefined || !signature) return undefined
  return { header, claims, signature, signed: Buffer.from(`${first}.${second}`) }
}
