import { type DomainError, domainError, type FieldProblem } from '#domain/kernel/errors.ts'
import type { z } from 'zod'

/** The request does not match its schema; `fields` point at what is wrong. */
export const InvalidInput = domainError(
  'INVALID_INPUT',
  'invalid',
  (fields: readonly FieldProblem[]) =>
    fields.length === 1 ? 'One field is not valid.' : `${fields.length} fields are not valid.`,
  (fields) => ({ fields }),
)
export const Unauthenticated = domainError('UNAUTHENTICATED', 'unauthenticated', () => 'Sign in to do this.')
export const Forbidden = domainError('FORBIDDEN', 'forbidden', (scope: string) => `This needs the scope ${scope}.`)
export const LoginTooOld = domainError(
  'LOGIN_TOO_OLD',
  'forbidden',
  () => 'Log in again, and repeat it within 15 minutes.',
)
export const IdempotencyKeyMissing = domainError(
  'IDEMPOTENCY_KEY_MISSING',
  'invalid',
  () => 'Send an Idempotency-Key header: 1 to 255 visible characters, one key for each intent.',
)
export const IdempotencyKeyReused = domainError(
  'IDEMPOTENCY_KEY_REUSED',
  'unprocessable',
  () => 'This Idempotency-Key was used with another request.',
)
export const RequestInFlight = domainError(
  'REQUEST_IN_FLIGHT',
  'conflict',
  () => 'A request with this Idempotency-Key is being processed.',
  () => ({ retryAfterSeconds: 1 }),
)
/** Somebody else changed the same rows; the pipeline tries again and gives up with this. */
export const ConcurrentChange = domainError(
  'CONCURRENT_CHANGE',
  'conflict',
  (what: string) => `${what} was changed at the same time. Read it again and repeat.`,
)
/** The caller's `If-Match` names another version than the stored one. */
export const VersionMismatch = domainError(
  'VERSION_MISMATCH',
  'precondition_failed',
  (current: number) => `The current version is "${current}". Read it again and repeat.`,
)
export const Unavailable = domainError(
  'UNAVAILABLE',
  'unavailable',
  (what: string) => `${what} is not available now. Try again.`,
  () => ({ retryAfterSeconds: 1 }),
)

const toPointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** One field problem per issue, unknown keys each under their own pointer. */
export const fieldProblems = (error: z.ZodError): FieldProblem[] =>
  error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ pointer: toPointer([...issue.path, key]), detail: 'This field is not known here.' }))
      : [{ pointer: toPointer(issue.path), detail: issue.message }],
  )

export const invalidInput = (error: z.ZodError): DomainError => InvalidInput(fieldProblems(error))
