import type { DeclaredError } from '#domain/kernel/errors.ts'
import {
  ConcurrentChange,
  Forbidden,
  IdempotencyKeyReused,
  RequestInFlight,
  Unauthenticated,
  Unavailable,
  VersionMismatch,
} from '#bus/cqrs/errors.ts'
import type { Operation } from '../operation.ts'
import { PROBLEM_TYPES, type ProblemKind, problemTypeUri } from '../problem-types.ts'
import { REFUSALS } from '../refusals.ts'
import type { HeaderRefs, ResponseObject } from './types.ts'

export interface ErrorCode {
  readonly code: string
  readonly kind: ProblemKind
}

const INTERNAL: ErrorCode = { code: 'INTERNAL', kind: 'internal' }

/** What every operation may answer. */
const SHARED: readonly ErrorCode[] = [
  REFUSALS.invalidInput,
  Unauthenticated,
  REFUSALS.rateLimited,
  INTERNAL,
  Unavailable,
]

const KEYED = [REFUSALS.idempotencyKeyMissing, REFUSALS.idempotencyKeyInvalid, IdempotencyKeyReused, RequestInFlight]
const WITH_BODY = [REFUSALS.malformedJson, REFUSALS.jsonTooDeep, REFUSALS.bodyTooLarge, REFUSALS.unsupportedMediaType]

const declaredBy = ({ route }: Operation): readonly DeclaredError[] =>
  route.kind === 'raw' ? (route.errors ?? []) : route.definition.errors

const impliedBy = ({ route, input }: Operation): readonly ErrorCode[] => {
  if (route.kind === 'raw') return route.requestBody ? [REFUSALS.bodyTooLarge] : []
  const isCommand = route.definition.kind === 'command'
  return [
    ...(isCommand ? [ConcurrentChange] : []),
    ...(route.definition.kind === 'command' && route.definition.idempotent ? KEYED : []),
    ...(input?.body ? WITH_BODY : []),
    ...(input?.version === 'absent' ? [] : [REFUSALS.invalidIfMatch, VersionMismatch]),
    ...(input?.version === 'required' ? [REFUSALS.preconditionRequired] : []),
  ]
}

/** Every code that an operation may answer with, each once. */
export const errorCodesOf = (operation: Operation): ErrorCode[] => {
  const scoped = operation.scope === 'public' ? [] : [Forbidden]
  const all = [...SHARED, ...scoped, ...impliedBy(operation), ...declaredBy(operation)]
  return [...new Map(all.map(({ code, kind }) => [code, { code, kind }])).values()]
}

const retryHeader = (kind: ProblemKind): HeaderRefs =>
  kind === 'rate_limited' || kind === 'unavailable'
    ? { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } }
    : {}

const allowsQuota = (kind: ProblemKind): boolean => kind !== 'unauthenticated' && kind !== 'internal'

export const problemResponse = (kind: ProblemKind, codes: readonly string[], headers: HeaderRefs): ResponseObject => {
  const { status, title, retryable } = PROBLEM_TYPES[kind]
  const code = codes[0] ?? kind.toUpperCase()
  const traceId = '019aad2c-6a00-7c3f-8e4b-2f6d1a9c5e07'
  const response = {
    description: `${title}: ${codes.join(', ')}.`,
    headers: { ...(allowsQuota(kind) ? headers : {}), ...retryHeader(kind) },
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        example: { type: problemTypeUri(code), title, status, code, detail: `${title}.`, traceId },
      },
    },
    'x-error-codes': codes,
    'x-retryable': retryable,
  }
  return response
}

/** The error responses of an operation by status, with the codes that a caller can rely on. */
export const errorResponsesOf = (operation: Operation, headers: HeaderRefs): Record<string, ResponseObject> => {
  const byKind = Map.groupBy(errorCodesOf(operation), ({ kind }) => kind)
  const entries = [...byKind].map(([kind, codes]): [string, ResponseObject] => [
    String(PROBLEM_TYPES[kind].status),
    problemResponse(
      kind,
      codes.map(({ code }) => code),
      headers,
    ),
  ])
  return Object.fromEntries(entries)
}
