const REDACTED = '[redacted]'
const MAX_DEPTH = 6

/** Names of fields whose values never reach a log: credentials, and what identifies a person. */
const sensitiveName =
  /passw|secret|token|authori[sz]ation|cookie|credential|private[-_]?key|api[-_]?key|signature|e-?mail|phone/i

/**
 * Values that are sensitive wherever they stand: bearer credentials, JWTs, keys of Stripe, passwords in URLs, e-mail
 * addresses, encoded for a URL too. Every repetition is bounded or starts at a fixed text, so that no input takes long.
 */
const sensitiveValue = new RegExp(
  [
    String.raw`\bBearer +[\w.~+/=-]+`,
    String.raw`\beyJ[\w-]+\.[\w-]+\.[\w-]*`,
    String.raw`\b(?:[sr]k_(?:live|test)_|whsec_)[\w+/=-]+`,
    String.raw`(?<=://[^\s/@:]{0,64}:)[^\s/@]{1,256}(?=@)`,
    String.raw`(?<![\w.+%-])[\w.+%-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.[a-z]{2,24}`,
  ].join('|'),
  'gi',
)

/** The text without the credentials and addresses in it. */
export const redactText = (text: string): string => text.replace(sensitiveValue, REDACTED)

export type Fields = Record<string, unknown>

const describeError = (error: Error, depth: number): Fields => ({
  type: error.name,
  message: redactText(error.message),
  ...('code' in error ? { code: error.code } : {}),
  stack: error.stack && redactText(error.stack),
  // Nothing else: libraries hang whole requests and query parameters on their errors.
  ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1) }),
  ...(error instanceof AggregateError ? { errors: redactValue(error.errors.slice(0, 5), depth + 1) } : {}),
})

const redactValue = (value: unknown, depth: number): unknown => {
  if (typeof value === 'string') return redactText(value)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (depth > MAX_DEPTH) return '[too deep]'
  if (value instanceof Error) return describeError(value, depth)
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1))
  return redactEntries(value, depth)
}

const redactEntries = (fields: object, depth: number): Fields => {
  const redacted: Fields = {}
  for (const [name, value] of Object.entries(fields))
    redacted[name] = sensitiveName.test(name) ? REDACTED : redactValue(value, depth + 1)
  return redacted
}

/** A copy for the log: sensitive fields replaced at any depth, errors reduced to type, message, code, stack and cause. */
export const redactFields = (fields: object): Fields => redactEntries(fields, 0)
