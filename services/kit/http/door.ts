import { type Actor, anonymous } from '#bus/cqrs/actor.ts'
import type { Context } from 'hono'
import { uuidv7 } from 'uuidv7'
import type { Exchange } from './exchange.ts'
import { type Cors, SECURITY_HEADERS } from './headers.ts'
import { failureOf, type Locate } from './problem.ts'
import { quotaHeaders } from './quota.ts'
import type { Reply } from './reply.ts'
import type { StartRequestSpan } from '../tracing.ts'
import { readTraceparent, traceIdOf } from '../tracing/traceparent.ts'

/** The part of a pino logger that the door uses. */
export interface HttpLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Counts one answered request, e.g. in a Prometheus histogram. `operationId` is `unmatched` where no route was. */
export type ObserveRequest = (request: {
  readonly operationId: string
  readonly method: string
  readonly status: number
  readonly seconds: number
}) => void

export interface DoorOptions {
  readonly logger: HttpLogger
  readonly observe?: ObserveRequest | undefined
  /** Absent: a caller's trace is passed on, and nothing else. */
  readonly trace?: StartRequestSpan | undefined
  readonly cors: Cors
}

/** What stands behind the door: an operation, the document, or nothing at all. */
export interface Served {
  readonly operationId: string
  /** Of successful answers. */
  readonly headers: Readonly<Record<string, string>>
  readonly locate: Locate
  answer(exchange: Exchange): Promise<Reply>
}

/** A handler that has answered everything, its own failures included. */
export type DoorHandler = (context: Context) => Promise<Response>

const SAFE_ID = /^[\w.-]{8,64}$/
const NO_STORE = { 'cache-control': 'no-store' }

const open = (context: Context, operationId: string, trace: StartRequestSpan | undefined): Exchange => {
  const { req } = context
  const given = req.header('x-correlation-id')
  const correlationId = given !== undefined && SAFE_ID.test(given) ? given : uuidv7()
  const field = req.header('traceparent')
  const parent = field === undefined ? undefined : readTraceparent(field)
  const span = trace?.({ operationId, method: req.method, correlationId, parent })
  const traceparent = span?.traceparent ?? parent
  return {
    context,
    startedMs: performance.now(),
    origin: traceparent === undefined ? { correlationId } : { correlationId, traceparent },
    traceId: traceparent === undefined ? correlationId : traceIdOf(traceparent),
    span,
    actor: anonymous,
    limit: undefined,
  }
}

const nameOf = (actor: Actor): string | undefined => {
  if (actor.kind === 'user') return actor.userId
  return actor.kind === 'service' ? actor.service : undefined
}

const logFields = (served: Served, { context, actor, origin, traceId }: Exchange, status: number, ms: number) => ({
  operationId: served.operationId,
  method: context.req.method,
  path: context.req.path,
  status,
  durationMs: Math.round(ms * 100) / 100,
  actor: nameOf(actor),
  correlationId: origin.correlationId,
  traceId,
})

/**
 * The one middleware: ids, answer or problem, headers, log line and metric, fused into the handler of each route. A chain
 * of stock ones costs five times a bare app. The handlers never throw, so the app needs no `onError`, with which Hono
 * would compose every mounted route again on each request.
 */
export const createDoor =
  ({ logger, observe, trace, cors }: DoorOptions) =>
  (served: Served): DoorHandler => {
    const answerOf = async (exchange: Exchange): Promise<Reply> => {
      try {
        const reply = await served.answer(exchange)
        return { ...reply, headers: { ...served.headers, ...reply.headers } }
      } catch (error) {
        const { problem, headers, unexpected } = failureOf(error, served.locate, exchange.traceId)
        if (unexpected)
          logger.error({ err: error, ...logFields(served, exchange, problem.status, 0) }, 'request failed')
        return {
          status: problem.status,
          headers: { ...NO_STORE, 'content-type': 'application/problem+json', ...headers },
          body: JSON.stringify(problem),
        }
      }
    }

    return async (context) => {
      const exchange = open(context, served.operationId, trace)
      const { status, headers, body } = await answerOf(exchange)
      const elapsedMs = performance.now() - exchange.startedMs
      observe?.({ operationId: served.operationId, method: context.req.method, status, seconds: elapsedMs / 1000 })
      exchange.span?.end(status)
      logger.info(logFields(served, exchange, status, elapsedMs), 'request')
      return new Response(body, {
        status,
        headers: {
          ...SECURITY_HEADERS,
          'x-correlation-id': exchange.origin.correlationId,
          ...(exchange.limit && quotaHeaders(exchange.limit)),
          ...cors.headersFor(context.req.header('origin')),
          ...headers,
        },
      })
    }
  }
