import type { Instant } from '#domain/kernel/clock.ts'
import type { Command, Query } from '#bus/cqrs/definitions.ts'
import type { RateLimit } from '../redis/rate-limit.ts'

export type HttpMethod = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** A quota of one operation, beside the one of the whole service. */
export interface RouteRateLimit extends RateLimit {
  /** Who shares a quota: the caller (a person, else the address), or always the address. Default `caller`. */
  readonly per?: 'caller' | 'address'
  /** What happens while the limiter is out of reach; `closed` answers 503. Default `open`. */
  readonly onFailure?: 'open' | 'closed'
}

/** A link of the document: which parameters of another operation this response fills. */
export interface RouteLink {
  readonly operationId: string
  /** Runtime expressions, e.g. `{ courseId: '$response.body#/courseId' }`. */
  readonly parameters: Readonly<Record<string, string>>
}

/** What every route says of itself, whatever it answers with. */
export interface RouteMeta {
  readonly method: HttpMethod
  /** OpenAPI form: `/v1/courses/{courseId}`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** Verb and noun, unique over all services; derived from the definition's type (`learning.get_course` → `getCourse`). */
  readonly operationId?: string
  /** The method's name in SDKs; derived from operationId without the tag's noun. */
  readonly sdkMethod?: string
  readonly rateLimit?: RouteRateLimit
  /** Of successful answers. Default: `no-cache` for a public GET, `no-store` for the rest. */
  readonly cacheControl?: string
  readonly deprecated?: { readonly since: Instant; readonly sunset?: Instant }
  readonly links?: Readonly<Record<string, RouteLink>>
  /** Never served in production: hosts leave it out there. */
  readonly developmentOnly?: true
  /** Bytes of a request's body; 1 MiB by default. */
  readonly maxBodyBytes?: number
}

/** A second status of success, e.g. 200 where the thing had existed. */
export interface Alternative<Out> {
  readonly status: number
  readonly description: string
  when(output: Out): boolean
}

export interface RouteOptions<In, Out> extends RouteMeta {
  /** Default 200; 204 has no body. */
  readonly status?: number
  readonly alternative?: Alternative<Out>
  /** The Location of what was made or accepted; required by the document lint for 201 and 202. */
  location?(output: Out): string
  /** A strong ETag without quotes. Default: the output's `version`, where it has one. */
  etag?(output: Out): string
  /** Examples of the whole input and output; made from the schemas where absent. */
  readonly examples?: { readonly input?: Partial<In>; readonly output?: Out }
}

/** The HTTP door of a command or query, as data. */
export interface Route extends RouteOptions<unknown, unknown> {
  readonly kind: 'route'
  readonly definition: Command | Query
}

/**
 * Opens a command or query to HTTP. Nothing is mapped by hand: fields of the input that the path names are path
 * parameters; the rest is the JSON body (PATCH: `application/merge-patch+json`), or the query of a GET or DELETE, where
 * numbers and booleans are read by the schema. A field `expectedVersion` comes from If-Match and from nowhere else.
 * An output with `version` gives the ETag, one with `items` and `nextCursor` the Link header.
 *
 * @example
 * export const getCourseRoute = route(GetCourse, {
 *   method: 'get', path: '/v1/courses/{courseId}', tag: 'Courses', summary: 'Get a course' })
 */
export const route = <In, Out>(
  definition: Command<In, Out> | Query<In, Out>,
  options: RouteOptions<NoInfer<In>, NoInfer<Out>>,
): Route => ({ ...options, kind: 'route', definition })
