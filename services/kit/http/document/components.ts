import type { OpenAPIHono } from '@hono/zod-openapi'
import type { HeaderRefs, SchemaObject } from './types.ts'

type Registry = OpenAPIHono['openAPIRegistry']

const PROBLEM: SchemaObject = {
  type: 'object',
  description: 'Why a request was refused (RFC 9457). `code` is stable; `detail` is for people.',
  required: ['type', 'title', 'status', 'code', 'traceId'],
  properties: {
    type: { type: 'string', format: 'uri-reference', maxLength: 200 },
    title: { type: 'string', maxLength: 200 },
    status: { type: 'integer', format: 'int32', minimum: 400, maximum: 599 },
    code: { type: 'string', maxLength: 100 },
    detail: { type: 'string', maxLength: 2000 },
    traceId: { type: 'string', maxLength: 64 },
    errors: {
      type: 'array',
      maxItems: 1000,
      description: 'What is wrong: body fields by JSON Pointer, path, query and header parameters by name.',
      items: {
        type: 'object',
        required: ['detail'],
        properties: {
          pointer: { type: 'string', maxLength: 2000 },
          parameter: { type: 'string', maxLength: 200 },
          detail: { type: 'string', maxLength: 2000 },
        },
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
}

interface Header {
  readonly description: string
  readonly example: string
  readonly required?: boolean
}

const HEADERS: Readonly<Record<string, Header>> = {
  CacheControl: { description: 'Whether and how an answer may be stored.', example: 'no-store', required: true },
  CorrelationId: {
    description: 'The id of this request in every log; the one that was sent, or a new one.',
    example: '019aad2c-6a00-7c3f-8e4b-2f6d1a9c5e07',
    required: true,
  },
  ETag: { description: 'The version of what is answered; send it back in If-Match.', example: '"3"', required: true },
  IdempotentReplayed: { description: '`true` when this is the stored answer of an earlier request.', example: 'true' },
  Link: {
    description: 'The next page, with rel="next"; absent on the last.',
    example: '</v1/things?cursor=...>; rel="next"',
  },
  Location: { description: 'Where the thing is.', example: '/v1/things/1', required: true },
  RateLimit: { description: 'What is left of the quota.', example: '"default";r=599;t=1' },
  RateLimitPolicy: { description: 'The quota that this request counts against.', example: '"default";q=600;w=60' },
  RetryAfter: { description: 'Seconds to wait before the next try.', example: '1' },
}

interface TextLimits {
  readonly maxLength?: number
  readonly pattern?: string
}

const VERSION_TAG: TextLimits = { maxLength: 17, pattern: '^"[0-9]{1,15}"$' }

const PARAMETERS: Readonly<
  Record<string, { name: string; required: boolean; description: string; example: string } & TextLimits>
> = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    required: true,
    description:
      'One key for each intent, 1 to 255 visible characters. Repeating it within 24 hours returns the first answer.',
    example: '0f8e2c34-7a51-4c0b-9b6e-1f2d3c4b5a69',
    maxLength: 255,
    pattern: '^[!-~]+$',
  },
  IfMatch: {
    name: 'If-Match',
    required: true,
    description: 'The ETag of the version that the change is based on. `*` is not taken.',
    example: '"3"',
    ...VERSION_TAG,
  },
  IfMatchOptional: {
    name: 'If-Match',
    required: false,
    description: 'The ETag of the version that the change is based on. `*` is not taken.',
    example: '"3"',
    ...VERSION_TAG,
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    required: false,
    description: 'ETags that the caller has; 304 when one is still the current one.',
    example: '"3"',
  },
}

/** Puts what operations share into a document; of the parameters, those that they take. */
export const registerShared = (registry: Registry, taken: ReadonlySet<string>): void => {
  registry.registerComponent('schemas', 'Problem', PROBLEM)
  registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'An access token of a login. It is checked as RFC8725 asks: RS256 alone, with issuer, audience and expiry.',
  })
  for (const [name, { description, example, required = false }] of Object.entries(HEADERS))
    registry.registerComponent('headers', name, { description, required, schema: { type: 'string' }, example })
  for (const [id, { name, required, description, example, ...limits }] of Object.entries(PARAMETERS)) {
    if (!taken.has(id)) continue
    const schema: SchemaObject = { type: 'string', ...limits }
    registry.registerComponent('parameters', id, { name, in: 'header', required, description, schema, example })
  }
}

export const headerRef = (name: keyof typeof HEADERS): { $ref: string } => ({ $ref: `#/components/headers/${name}` })
export const parameterRef = (name: string): { $ref: string } => ({ $ref: `#/components/parameters/${name}` })

/** The headers of every answer that passed the door. */
export const doorHeaders = (limited: boolean): HeaderRefs => ({
  'Cache-Control': headerRef('CacheControl'),
  'X-Correlation-Id': headerRef('CorrelationId'),
  ...(limited && { RateLimit: headerRef('RateLimit'), 'RateLimit-Policy': headerRef('RateLimitPolicy') }),
})
