import { DomainError, type FieldProblem } from '#domain/kernel/errors.ts'
import { HTTPException } from 'hono/http-exception'
import { kindOfStatus, PROBLEM_TYPES, type ProblemKind, problemTypeUri } from './problem-types.ts'
import { type ProblemItem, Refusal } from './refusals.ts'

/** The body of every refusal (RFC 9457, `application/problem+json`). */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail?: string
  /** The trace of this request in logs and traces; what support asks for. */
  readonly traceId: string
  readonly errors?: readonly ProblemItem[]
}

export interface Failure {
  readonly problem: Problem
  readonly headers: Readonly<Record<string, string>>
  /** True when nobody decided this: it is logged with its stack. */
  readonly unexpected: boolean
}

/** Says where the input's field came from: the body, or a parameter. */
export type Locate = (field: FieldProblem) => ProblemItem

interface Refused {
  readonly code: string
  readonly kind: ProblemKind
  readonly detail: string
  readonly items?: readonly ProblemItem[]
  readonly headers?: Readonly<Record<string, string>>
}

const NO_HEADERS = {}
const CHALLENGE = { 'www-authenticate': 'Bearer' }

/** Where an error does not say when to come back. */
const UNAVAILABLE_SECONDS = 1

const headersOf = ({ kind, retryAfterSeconds }: DomainError): Record<string, string> => {
  const seconds = retryAfterSeconds ?? (kind === 'unavailable' ? UNAVAILABLE_SECONDS : undefined)
  if (seconds !== undefined) return { 'retry-after': String(seconds) }
  return kind === 'unauthenticated' ? CHALLENGE : NO_HEADERS
}

const refusedBy = (error: unknown, locate: Locate): Refused | undefined => {
  if (error instanceof Refusal)
    return { ...error.type, detail: error.message, items: error.items, headers: error.headers }
  if (error instanceof DomainError) {
    const { code, kind, message, fields } = error
    return { code, kind, detail: message, items: fields.map(locate), headers: headersOf(error) }
  }
  if (error instanceof HTTPException) {
    const kind = kindOfStatus(error.status)
    return { code: kind.toUpperCase(), kind, detail: error.message || PROBLEM_TYPES[kind].title }
  }
  return undefined
}

/**
 * What a caller is told of anything thrown. Errors that nobody declared, a ZodError over the service's own data among
 * them, and declared ones of kind `internal` say no more than a trace id.
 */
export const failureOf = (error: unknown, locate: Locate, traceId: string): Failure => {
  const refused = refusedBy(error, locate)
  if (!refused || refused.kind === 'internal') {
    const { status, title } = PROBLEM_TYPES.internal
    const code = refused?.code ?? 'INTERNAL'
    return { problem: { type: problemTypeUri(code), title, status, code, traceId }, headers: {}, unexpected: true }
  }
  const { code, kind, detail, items = [], headers = NO_HEADERS } = refused
  const { status, title } = PROBLEM_TYPES[kind]
  const problem = { type: problemTypeUri(code), title, status, code, detail, traceId }
  return { problem: items.length === 0 ? problem : { ...problem, errors: items }, headers, unexpected: false }
}
