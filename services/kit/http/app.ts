import type { Buses } from '#bus/cqrs/buses.ts'
import type { Resolve } from '#bus/cqrs/token.ts'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Authenticate } from '../auth/authenticate.ts'
import type { RateLimit, RateLimiter } from '../redis/rate-limit.ts'
import type { StartRequestSpan } from '../tracing.ts'
import { type ClientAddress, createAdmission, socketAddress } from './admission.ts'
import { createDocument } from './document/document.ts'
import { serveDocument } from './document/serve.ts'
import type { OpenApiDocument } from './document/types.ts'
import {
  createDoor,
  type DoorHandler,
  type DoorOptions,
  type HttpLogger,
  type ObserveRequest,
  type Served,
} from './door.ts'
import { createCors } from './headers.ts'
import { type AnyRoute, compileOperation, type Operation, outlineOf } from './operation.ts'
import { compileQuota } from './quota.ts'
import { unmatched } from './unmatched.ts'

/** What every door of a process shares. */
export interface EdgeOptions {
  readonly logger: HttpLogger
  readonly observe?: ObserveRequest
  readonly trace?: StartRequestSpan | undefined
  /** Origins whose pages may call this API, compared exactly; none by default. */
  readonly allowedOrigins?: readonly string[]
}

export interface HttpAppOptions extends EdgeOptions {
  /** Name of the service; the document is served at `/openapi/{service}.json`. */
  readonly service: string
  readonly title: string
  readonly version: string
  readonly description?: string
  readonly routes: readonly AnyRoute[]
  readonly buses: Buses
  /** Resolves the dependencies of raw routes. */
  readonly resolve: Resolve
  readonly authenticate: Authenticate
  /** Absent: nothing is limited. */
  readonly rateLimiter?: Pick<RateLimiter, 'take'>
  /** One caller's quota over all operations without a quota of their own; 600 a minute by default. */
  readonly rateLimit?: RateLimit
  /** Default: the peer of the socket. A host behind a proxy that it trusts gives its own. */
  readonly clientAddress?: ClientAddress
  /**
   * When the schemas of a route are read, a few milliseconds each: all at the `start` (default), which a route that
   * contradicts its definition stops, or each at its `first request`, where somebody waits for the start.
   */
  readonly compile?: 'start' | 'first request'
}

/** A handler as a router takes it. */
export interface Endpoint {
  readonly method: string
  /** Hono form: `/v1/courses/:courseId`. */
  readonly path: string
  readonly handler: DoorHandler
}

export interface HttpApp {
  readonly service: string
  /** Answers everything, unknown paths included; mount it with `app.route('/', http.app)` or serve its `fetch`. */
  readonly app: OpenAPIHono
  readonly fetch: OpenAPIHono['fetch']
  readonly operations: readonly Operation[]
  /** Operations and the document, most specific path first; for `mountHttpApps`. */
  readonly endpoints: readonly Endpoint[]
  /** The OpenAPI 3.1 document, generated on the first call. Throws where two operations have one name. */
  document(): OpenApiDocument
}

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

const honoPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1')

/** Static segments before parameters, so that `/users/me` is not somebody's id. */
const bySpecificity = (a: Endpoint, b: Endpoint): number => {
  const mask = ({ path }: Endpoint): string => path.replaceAll(/:\w+/g, '\uffff')
  return mask(a) < mask(b) ? -1 : mask(a) > mask(b) ? 1 : 0
}

const doorOptions = ({ logger, observe, trace, allowedOrigins }: EdgeOptions): DoorOptions => ({
  logger,
  observe,
  trace,
  cors: createCors(allowedOrigins),
})

/** The part of any Hono app that routes are put on. */
export interface RouteHost {
  on(method: string, path: string, handler: DoorHandler): unknown
  notFound(handler: DoorHandler): unknown
}

/** Throws where two services claim one operation: only the first would ever answer. */
const refuseClashes = (apps: readonly HttpApp[]): void => {
  const claims = apps.flatMap(({ service, operations }) =>
    operations.flatMap(({ operationId, route: { method, path } }) => [
      { service, claim: `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}` },
      { service, claim: operationId },
    ]),
  )
  for (const [claim, claimants] of Map.groupBy(claims, (one) => one.claim)) {
    if (claimants.length < 2) continue
    const services = claimants.map(({ service }) => service).join(' and ')
    throw new Error(`"${claim}" is claimed by ${services}. help: give one of them another path or operationId.`)
  }
}

const register = (app: RouteHost, endpoints: readonly Endpoint[], options: DoorOptions): void => {
  for (const { method, path, handler } of endpoints) app.on(method, path, handler)
  app.notFound(createDoor(options)(unmatched(endpoints, options.cors)))
}

/**
 * Builds the HTTP side of one service from its routes: everything that a request does not change is made here, or
 * once, when it is first needed.
 *
 * @example
 * const http = createHttpApp({ service: 'learning', title: 'Learning', version: '1.0.0', routes, buses, resolve,
 *   authenticate, rateLimiter, logger })
 * await http.app.request('/v1/courses/crs_...')
 */
export const createHttpApp = (options: HttpAppOptions): HttpApp => {
  const { service, title, version, description, rateLimiter, rateLimit, logger } = options
  const app = new OpenAPIHono()
  const edge = doorOptions(options)
  const door = createDoor(edge)
  const admission = createAdmission(options.authenticate, options.clientAddress ?? socketAddress)
  const onFailure = (err: unknown): void => logger.warn({ err }, 'rate limiter out of reach')
  const quotas = { service, rateLimiter, rateLimit, onFailure }

  const parts = options.routes.map((route) => ({
    route,
    outline: outlineOf(route),
    compiled: once(() => compileOperation(route, options.buses, options.resolve)),
  }))
  const operationsOf = () => parts.map(({ compiled }) => compiled())
  if (options.compile !== 'first request') operationsOf()

  const endpointOf = ({ route: { method, path }, outline, compiled }: (typeof parts)[number]): Endpoint => {
    const admit = admission(outline.scope, compileQuota(quotas, outline.operationId, outline.rateLimit))
    const served: Served = {
      ...outline,
      locate: (field) => compiled().locate(field),
      answer: async (exchange) => {
        await admit(exchange)
        return compiled().answer(exchange)
      },
    }
    return { method: method.toUpperCase(), path: honoPath(path), handler: door(served) }
  }

  const about = { title, version, description, limited: rateLimiter !== undefined }
  const document = once(() => createDocument(app, operationsOf(), about))

  const documentEndpoint = { method: 'GET', path: `/openapi/${service}.json`, handler: door(serveDocument(document)) }
  const endpoints = [...parts.map(endpointOf), documentEndpoint].toSorted(bySpecificity)
  register(app, endpoints, edge)
  return {
    service,
    app,
    fetch: app.fetch,
    get operations() {
      return operationsOf()
    },
    endpoints,
    document,
  }
}

/**
 * Several services behind one listener. Paths are ordered and wrong methods answered over all of them together
 * (`/v1/tutors/...` belongs to three services), which mounting one app after the other cannot do. Throws where two
 * services claim one operation.
 */
export const mountHttpApps = (host: RouteHost, apps: readonly HttpApp[], options: EdgeOptions): void => {
  refuseClashes(apps)
  register(host, apps.flatMap(({ endpoints }) => endpoints).toSorted(bySpecificity), doorOptions(options))
}
