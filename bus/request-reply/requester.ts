import { addMs, type Clock, type Instant, msBetween } from '#domain/kernel/clock.ts'
import { DomainError, domainError } from '#domain/kernel/errors.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import type { MessageDefinition } from '#domain/kernel/message.ts'
import type { ReplyData } from '../envelope.ts'
import type { IncomingRequest } from '../messaging/dispatcher.ts'
import { destinationOf } from '../patterns/directory.ts'
import type { InSpan } from '../tracing.ts'
import type { Origin } from '../unit-of-work/unit-of-work.ts'

/** No reply came before the deadline: the request may have taken effect, or may still. */
export const OutcomeUnknown = domainError(
  'OUTCOME_UNKNOWN',
  'unavailable',
  (type: string) => `"${type}" was not answered in time; what became of it is not known.`,
  () => ({ retryAfterSeconds: 1 }),
)
/** Too little time is left to ask at all. */
export const DeadlinePassed = domainError(
  'DEADLINE_PASSED',
  'unavailable',
  (type: string) => `No time is left for "${type}".`,
)
/** The service failed in a way that its contract does not name. */
export const ServiceFailed = domainError(
  'SERVICE_FAILED',
  'unavailable',
  (type: string, code: string) => `"${type}" failed: ${code}.`,
)

/** Milliseconds kept back for the caller's own work, and the least that is worth asking with. */
const MARGIN_MS = 50
const LEAST_MS = 30

/** Carries a request to a service and its answer back. */
export type Lane = (service: string, request: IncomingRequest) => Promise<ReplyData>

export interface RequestOptions {
  readonly origin: Origin
  /** The same for every retry of one intent; made anew when absent. */
  readonly idempotencyKey?: string
  /** The instant by which the caller itself must answer; a nested call inherits what is left of it. */
  readonly deadline?: string
}

/** Asks other services. */
export interface Requester {
  /**
   * Sends a request and waits for its typed reply.
   * Throws one of the errors that the message declares, `OutcomeUnknown`, `DeadlinePassed` or `ServiceFailed`.
   */
  request<In, Out>(definition: MessageDefinition<In, Out>, input: NoInfer<In>, options: RequestOptions): Promise<Out>
}

export interface RequesterOptions {
  /** The service that asks. */
  readonly service: string
  readonly lane: Lane
  readonly clock: Clock
  readonly ids: Ids
  readonly inSpan?: InSpan | undefined
}

const timeLeft = (definition: MessageDefinition, deadline: string | undefined, now: string): number =>
  deadline === undefined ? definition.deadlineMs : Math.min(definition.deadlineMs, msBetween(now, deadline) - MARGIN_MS)

/** The callee continues from the span of the call. */
const askInSpan = (
  inSpan: InSpan,
  request: IncomingRequest,
  ask: (request: IncomingRequest) => Promise<ReplyData>,
): Promise<ReplyData> =>
  inSpan(
    { kind: 'client', name: request.type, attributes: { 'messaging.message.id': request.id } },
    request.origin,
    (origin) => ask({ ...request, origin }),
  )

export const createRequester = ({ service, lane, clock, ids, inSpan }: RequesterOptions): Requester => {
  let last = { now: '', ms: 0, deadline: '' }
  /** A burst of requests has one deadline; writing it costs as much as the rest of a request within the process. */
  const deadlineOf = (now: Instant, ms: number): Instant => {
    if (now !== last.now || ms !== last.ms) last = { now, ms, deadline: addMs(now, ms) }
    return last.deadline
  }

  const withDeadline = (type: string, ms: number, work: Promise<ReplyData>): Promise<ReplyData> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(OutcomeUnknown(type)), ms)
      const settle = <T>(settled: (value: T) => void, value: T): void => {
        clearTimeout(timer)
        settled(value)
      }
      work.then(
        (reply) => settle(resolve, reply),
        (error) => settle(reject, error),
      )
    })

  return {
    request: async (definition, input, options) => {
      const { type } = definition
      const now = clock.now()
      const ms = timeLeft(definition, options.deadline, now)
      if (ms < LEAST_MS) throw DeadlinePassed(type)
      const id = ids.next('msg')
      const request: IncomingRequest = {
        type,
        data: definition.input.parse(input),
        from: service,
        id,
        idempotencyKey: options.idempotencyKey ?? id,
        deadline: deadlineOf(now, ms),
        origin: { ...options.origin, causationId: id },
      }
      const ask = (asked: IncomingRequest) => withDeadline(type, ms, lane(destinationOf(definition), asked))
      const reply = await (inSpan ? askInSpan(inSpan, request, ask) : ask(request))
      if (reply.outcome === 'replied') return definition.output.parse(reply.output)
      const declared = definition.errors.find(({ code }) => code === reply.code)
      if (!declared) throw ServiceFailed(type, reply.code)
      throw new DomainError(declared.code, declared.kind, reply.detail)
    },
  }
}

/** The lane within one process: services register their answering door, and a request is a function call. */
export const createMemoryLane = (): {
  readonly lane: Lane
  register(service: string, respond: (request: IncomingRequest) => Promise<ReplyData>): void
} => {
  const doors = new Map<string, (request: IncomingRequest) => Promise<ReplyData>>()
  return {
    register: (service, respond) => {
      doors.set(service, respond)
    },
    lane: (service, request) => {
      const respond = doors.get(service)
      if (respond) return respond(request)
      return Promise.reject(ServiceFailed(request.type, `the service "${service}" is not running`))
    },
  }
}
