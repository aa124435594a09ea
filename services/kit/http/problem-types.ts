import type { ErrorKind } from '#domain/kernel/errors.ts'

/** A class of refusals as HTTP shows it; `method_not_allowed` exists at this door only. */
export type ProblemKind = ErrorKind | 'method_not_allowed'

export interface ProblemType {
  readonly status: number
  readonly title: string
  /** True when the same request may succeed later without being changed. */
  readonly retryable: boolean
}

/** The one table from kinds of errors to HTTP; GraphQL takes its codes from it as well. */
export const PROBLEM_TYPES: Readonly<Record<ProblemKind, ProblemType>> = {
  invalid: { status: 400, title: 'The request is not valid', retryable: false },
  unauthenticated: { status: 401, title: 'Sign in first', retryable: false },
  forbidden: { status: 403, title: 'Not allowed', retryable: false },
  not_found: { status: 404, title: 'Not found', retryable: false },
  method_not_allowed: { status: 405, title: 'Method not allowed', retryable: false },
  conflict: { status: 409, title: 'Conflict with the current state', retryable: false },
  gone: { status: 410, title: 'No longer available', retryable: false },
  precondition_failed: { status: 412, title: 'Changed since it was read', retryable: false },
  too_large: { status: 413, title: 'The request is too large', retryable: false },
  unsupported_media_type: { status: 415, title: 'Unsupported media type', retryable: false },
  unprocessable: { status: 422, title: 'A rule refuses this', retryable: false },
  locked: { status: 423, title: 'Locked', retryable: true },
  precondition_required: { status: 428, title: 'A precondition is required', retryable: false },
  rate_limited: { status: 429, title: 'Too many requests', retryable: true },
  internal: { status: 500, title: 'Something went wrong', retryable: true },
  unavailable: { status: 503, title: 'Not available now', retryable: true },
}

const isKind = (name: string): name is ProblemKind => name in PROBLEM_TYPES

/** The kinds in the order of their statuses. */
export const PROBLEM_KINDS: readonly ProblemKind[] = Object.keys(PROBLEM_TYPES).filter(isKind)

/** The kind that a bare status stands for; a status outside the table counts as its class does. */
export const kindOfStatus = (status: number): ProblemKind =>
  PROBLEM_KINDS.find((kind) => PROBLEM_TYPES[kind].status === status) ?? (status < 500 ? 'invalid' : 'internal')

/** Where the page about a code is; relative, so that it resolves on whichever host answered. */
export const problemTypeUri = (code: string): string => `/problems/${code}`
