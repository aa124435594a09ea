import { IdempotencyKeyMissing, InvalidInput } from '#bus/cqrs/errors.ts'
import type { ProblemKind } from './problem-types.ts'

/** One wrong part of a request: a body field by JSON Pointer, or a path, query or header parameter by name. */
export type ProblemItem =
  | { readonly pointer: string; readonly detail: string }
  | { readonly parameter: string; readonly detail: string }

export interface RefusalType {
  readonly code: string
  readonly kind: ProblemKind
  readonly detail: string
}

/** Everything that the HTTP layer itself refuses, before or instead of a handler. */
export const REFUSALS = {
  malformedJson: { code: 'MALFORMED_JSON', kind: 'invalid', detail: 'The body is not valid JSON.' },
  jsonTooDeep: { code: 'JSON_TOO_DEEP', kind: 'invalid', detail: 'The body is nested too deeply.' },
  invalidInput: { code: InvalidInput.code, kind: 'invalid', detail: 'One field is not valid.' },
  invalidIfMatch: {
    code: 'INVALID_IF_MATCH',
    kind: 'invalid',
    detail: 'If-Match takes one strong ETag of a version, like "3".',
  },
  idempotencyKeyMissing: {
    code: IdempotencyKeyMissing.code,
    kind: 'invalid',
    detail: 'Send an Idempotency-Key header: 1 to 255 visible characters, one key for each intent.',
  },
  idempotencyKeyInvalid: {
    code: 'IDEMPOTENCY_KEY_INVALID',
    kind: 'invalid',
    detail: 'An Idempotency-Key has 1 to 255 visible ASCII characters.',
  },
  routeNotFound: { code: 'ROUTE_NOT_FOUND', kind: 'not_found', detail: 'Nothing is served at this path.' },
  methodNotAllowed: {
    code: 'METHOD_NOT_ALLOWED',
    kind: 'method_not_allowed',
    detail: 'This path answers other methods; see the Allow header.',
  },
  bodyTooLarge: { code: 'BODY_TOO_LARGE', kind: 'too_large', detail: 'The body is larger than this operation takes.' },
  unsupportedMediaType: {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    kind: 'unsupported_media_type',
    detail: 'Send another Content-Type.',
  },
  preconditionRequired: {
    code: 'PRECONDITION_REQUIRED',
    kind: 'precondition_required',
    detail: 'Send If-Match with the ETag that you have read.',
  },
  rateLimited: { code: 'RATE_LIMITED', kind: 'rate_limited', detail: 'Too many requests. Wait, then repeat.' },
} as const satisfies Record<string, RefusalType>

interface RefusalOptions {
  readonly detail?: string
  readonly items?: readonly ProblemItem[]
  readonly headers?: Readonly<Record<string, string>>
}

/** A refusal of the HTTP layer, with the headers that belong to its answer. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly type: RefusalType
  readonly items: readonly ProblemItem[]
  readonly headers: Readonly<Record<string, string>>

  constructor(type: RefusalType, options: RefusalOptions = {}) {
    super(options.detail ?? type.detail)
    this.type = type
    this.items = options.items ?? []
    this.headers = options.headers ?? {}
  }
}

/** A body field that the operation does not take. */
export const unknownField = (pointer: string): Refusal =>
  new Refusal(REFUSALS.invalidInput, { items: [{ pointer, detail: 'This field is not known here.' }] })

/** A path, query or header parameter that cannot be read. */
export const wrongParameter = (type: RefusalType, parameter: string, detail: string = type.detail): Refusal =>
  new Refusal(type, { items: [{ parameter, detail }] })
