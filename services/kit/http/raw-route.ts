import type { DeclaredError } from '#domain/kernel/errors.ts'
import type { Actor } from '#bus/cqrs/actor.ts'
import type { Buses } from '#bus/cqrs/buses.ts'
import type { RequiredScope } from '#bus/cqrs/definitions.ts'
import { type Dependencies, type Resolve, type Resolved, resolveAll } from '#bus/cqrs/token.ts'
import type { Origin } from '#bus/unit-of-work/unit-of-work.ts'
import type { JsonSchema } from './json-schema.ts'
import type { RouteMeta } from './route.ts'

/** What a raw route reads of its request. */
export interface RawRequest {
  readonly actor: Actor
  readonly origin: Origin
  readonly buses: Buses
  /** Aborted when the caller goes away; streams end by it. */
  readonly signal: AbortSignal
  /** A path parameter, decoded. */
  param(name: string): string
  query(name: string): string | undefined
  header(name: string): string | undefined
  /** The body as it was sent, up to `maxBodyBytes`. Throws 413. */
  text(): Promise<string>
}

export interface RawAnswer {
  /** Default 200. */
  readonly status?: number
  /** The Content-Type. */
  readonly type?: string
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null
  readonly headers?: Readonly<Record<string, string>>
}

/** A response as the document shows it. */
export interface RawResponse {
  readonly description: string
  /** Absent: no body. */
  readonly mediaType?: string
  /** From `jsonSchemaOf`; text by default. */
  readonly schema?: JsonSchema
  readonly example?: unknown
}

/** A request body as the document shows it. */
export interface RawBody {
  readonly mediaType: string
  readonly description: string
  /** From `jsonSchemaOf`; text by default. */
  readonly schema?: JsonSchema
  readonly example?: unknown
}

export interface RawRouteOptions<D extends Dependencies> extends RouteMeta {
  readonly operationId: string
  readonly scope: RequiredScope
  readonly errors?: readonly DeclaredError[]
  /** Beside the path's, which are strings. */
  readonly parameters?: readonly {
    readonly name: string
    readonly in: 'query' | 'header'
    readonly description: string
    readonly required?: boolean
    readonly schema?: JsonSchema
  }[]
  /** Read and checked by `handle` itself; this documents it. */
  readonly requestBody?: RawBody
  readonly responses: Readonly<Record<number, RawResponse>>
  readonly dependencies: D
  handle(request: RawRequest, dependencies: Resolved<D>): RawAnswer | Promise<RawAnswer>
}

/** A door that is no command or query: other media types, streams, signed bodies. */
export interface RawRoute extends Omit<RawRouteOptions<Dependencies>, 'dependencies' | 'handle'> {
  readonly kind: 'raw'
  /** Resolves the dependencies, once, when the process starts. */
  bind(resolve: Resolve): (request: RawRequest) => RawAnswer | Promise<RawAnswer>
}

/**
 * Declares an operation that reads and answers by itself; it passes the same door (authentication, limits, headers,
 * log) and stands in the same document.
 * @example
 * export const getJwks = rawRoute({ method: 'get', path: '/.well-known/jwks.json', tag: 'Auth', operationId: 'getJwks',
 *   summary: 'Get the signing keys', scope: 'public', dependencies: { keys: Keys },
 *   responses: { 200: { description: 'The keys.', mediaType: 'application/jwk-set+json' } },
 *   handle: (_request, { keys }) => ({ type: 'application/jwk-set+json', body: keys.jwks }) })
 */
export const rawRoute = <D extends Dependencies>(options: RawRouteOptions<D>): RawRoute => {
  const { dependencies, handle, ...meta } = options
  return {
    ...meta,
    kind: 'raw',
    bind: (resolve) => {
      const resolved = resolveAll(dependencies, resolve)
      return (request) => handle(request, resolved)
    },
  }
}
