/** What went wrong, as a class of outcomes; hosts map a kind to an HTTP status in one table. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'gone'
  | 'locked'
  | 'unprocessable'
  | 'precondition_failed'
  | 'precondition_required'
  | 'too_large'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'unavailable'
  | 'internal'

/** One wrong field: a JSON Pointer into the input (`/sections/0/title`) and what is wrong with it. */
export interface FieldProblem {
  readonly pointer: string
  readonly detail: string
}

export interface ErrorOptions {
  readonly fields?: readonly FieldProblem[]
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

/** A refusal with a code that callers can rely on. `message` is public; `cause` stays inside. */
export class DomainError extends Error {
  override name = 'DomainError'
  readonly code: string
  readonly kind: ErrorKind
  readonly fields: readonly FieldProblem[]
  readonly retryAfterSeconds: number | undefined

  constructor(code: string, kind: ErrorKind, message: string, options: ErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.kind = kind
    this.fields = options.fields ?? []
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/** A declared error: call it to make one (`throw RunFull(run.id)`), list it in a contract, or test with `is`. */
export interface DomainErrorDefinition<Args extends readonly unknown[] = readonly never[]> {
  (...args: Args): DomainError
  readonly code: string
  readonly kind: ErrorKind
  is(error: unknown): error is DomainError
}

/** An error as contracts list it, whatever its arguments. */
export type DeclaredError = Pick<DomainErrorDefinition, 'code' | 'kind' | 'is'>

/**
 * Declares an error once.
 * @example
 * export const RunFull = domainError('RUN_FULL', 'conflict', (run: CourseRunId) => `No seat is left in ${run}.`)
 */
export const domainError = <Args extends readonly unknown[]>(
  code: string,
  kind: ErrorKind,
  message: (...args: Args) => string,
  options: (...args: Args) => ErrorOptions = () => ({}),
): DomainErrorDefinition<Args> =>
  Object.assign((...args: Args) => new DomainError(code, kind, message(...args), options(...args)), {
    code,
    kind,
    is: (error: unknown): error is DomainError => error instanceof DomainError && error.code === code,
  })
