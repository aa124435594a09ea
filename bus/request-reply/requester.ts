import { addMs, type Clock, type Instant, msBetween, SECOND } from '#domain/kernel/clock.ts'
import { DomainError, domainError } from '#domain/kernel/errors.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import type { MessageDefinition } from '#domain/kernel/message.ts'
import type { ReplyData } from '../envelope.ts'
import type { IncomingRequest } from '../messaging/dispatcher.ts'
import { destinationOf } from '../patterns/directory.ts'
import type { InSpan } from '../tracing.ts'
import type { Origin } from '../unit-of-work/unit-of-work.ts'
import type { Retries } from './retries.ts'

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
/** The service failed in a way that its contract does not name, or cannot be reached. */
export const ServiceFailed = domainError(
  'SERVICE_FAILED',
  'unavailable',
  (type: string, code: string, _cause?: unknown) => `"${type}" failed: ${code}.`,
  (_type: string, _code: string, cause?: unknown) => ({ cause }),
)
/** The service has too much to do and did not begin. */
export const Overloaded = domainError(
  'OVERLOADED',
  'unavailable',
  (type: string, _retryAfterMs: number) => `Too many requests for "${type}" are under way.`,
  (_type, retryAfterMs) => ({ retryAfterSeconds: Math.ceil(retryAfterMs / SECOND) }),
)

/** Milliseconds kept back for the caller's own work, and the least that is worth asking with. */
const MARGIN_MS = 50
const LEAST_MS = 30

/**
 * Carries a request to a service and its answer back.
 * Throws `ServiceFailed` where the request did not arrive and `OutcomeUnknown` where it may have; `signal` is aborted when
 * nobody waits for the answer any more.
 */
export type Lane = (service: string, request: IncomingRequest, signal: AbortSignal) => Promise<ReplyData>

/** A service's way in for requests. */
export type Respond = (request: IncomingRequest, signal?: AbortSignal) => Promise<ReplyData>

export interface RequestOptions {
  readonly origin: Origin
  /** The same for every retry of one intent; made anew when absent. */
  readonly idempotencyKey?: string
  /** The instant by which the caller itself must answer; that of the origin when not given. */
  readonly deadline?: string
}

/** Asks other services. */
export interface Requester {
  /**
   * Sends a request and waits for its typed reply.
   * Throws one of the errors that the message declares, `OutcomeUnknown`, `DeadlinePassed`, `Overloaded` or
   * `ServiceFailed`.
   */
  request<In, Out>(definition: MessageDefinition<In, Out>, input: NoInfer<In>, options: RequestOptions): Promise<Out>
}

export interface RequesterOptions {
  /** The service that asks. */
  readonly service: string
  readonly lane: Lane
  readonly clock: Clock
  readonly ids: Ids
  /** None are made when not given. */
  readonly retries?: Retries | undefined
  readonly inSpan?: InSpan | undefined
}

const timeLeft = (definition: MessageDefinition, deadline: string | undefined, now: string): number =>
  deadline === undefined ? definition.deadlineMs : Math.min(definition.deadlineMs, msBetween(now, deadline) - MARGIN_MS)

const isOverloaded = (reply: ReplyData): boolean => reply.outcome === 'faulted' && reply.code === Overloaded.code

/** What no contract declares does not pass as it is: in one process a caller sees no more than over a network. */
const declared = (type: string, error: unknown): unknown =>
  error instanceof DomainError ? error : ServiceFailed(type, 'INTERNAL', error)

const outputOf = <Out>({ type, output, errors }: MessageDefinition<unknown, Out>, reply: ReplyData): Out => {
  if (reply.outcome === 'replied') return output.parse(reply.output)
  if (isOverloaded(reply)) throw Overloaded(type, reply.retryAfterMs ?? SECOND)
  const error = errors.find(({ code }) => code === reply.code)
  if (!error) throw ServiceFailed(type, reply.code)
  throw new DomainError(error.code, error.kind, reply.detail)
}

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

export const createRequester = ({ service, lane, clock, ids, retries, inSpan }: RequesterOptions): Requester => {
  let last = { now: '', ms: 0, deadline: '' }
  /** A burst of requests has one deadline; writing it costs as much as the rest of a request within the process. */
  const deadlineOf = (now: Instant, ms: number): Instant => {
    if (now !== last.now || ms !== last.ms) last = { now, ms, deadline: addMs(now, ms) }
    return last.deadline
  }

  const askUntraced = (request: IncomingRequest, to: string, ms: number): Promise<ReplyData> =>
    new Promise((resolve, reject) => {
      const waiting = new AbortController()
      const timer = setTimeout(() => {
        waiting.abort()
        reject(OutcomeUnknown(request.type))
      }, ms)
      lane(to, request, waiting.signal).then(
        (reply) => {
          clearTimeout(timer)
          resolve(reply)
        },
        (error) => {
          clearTimeout(timer)
          reject(declared(request.type, error))
        },
      )
    })

  /** Each try is a call of its own. */
  const ask: typeof askUntraced = inSpan
    ? (request, to, ms) => askInSpan(inSpan, request, (asked) => askUntraced(asked, to, ms))
    : askUntraced

  const anew = (request: IncomingRequest): IncomingRequest => {
    const id = ids.next('msg')
    return { ...request, id, origin: { ...request.origin, causationId: id } }
  }

  /**
   * Asks, and asks a second time where half of the time has passed: what was handed to a process that ended then is
   * hidden in its queue for longer than anybody waits. Whichever answer comes first counts.
   */
  const askTwice = (request: IncomingRequest, to: string, ms: number, { next }: Retries): Promise<Outcome> =>
    new Promise((resolve) => {
      let underWay = 0
      const start = (asked: IncomingRequest, withinMs: number): void => {
        underWay++
        void outcomeOf(ask(asked, to, withinMs)).then((outcome) => {
          underWay--
          if (!('reply' in outcome) && underWay > 0) return
          clearTimeout(timer)
          resolve(outcome)
        })
      }
      const timer = setTimeout(() => {
        if (next(0, 0) !== undefined) start(anew(request), ms / 2)
      }, ms / 2)
      start(request, ms)
    })

  /** Asks again while that may help and time and budget are left; ends as the last try did. */
  const askAgain = async (first: IncomingRequest, to: string, deadline: Instant, outcome: Outcome) => {
    let latest = outcome
    for (let tries = 0; mayBeAskedAgain(latest); tries++) {
      const waitMs = retries?.next(tries, retryAfterMs(latest))
      if (waitMs === undefined || msBetween(clock.now(), deadline) - waitMs < LEAST_MS) break
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      const ms = msBetween(clock.now(), deadline)
      if (ms < LEAST_MS) break
      latest = await outcomeOf(ask(anew(first), to, ms))
    }
    if ('reply' in latest) return latest.reply
    throw latest.error
  }

  return {
    request: async (definition, input, options) => {
      const { type } = definition
      const { origin, deadline: parents = origin.deadline } = options
      const now = clock.now()
      const ms = timeLeft(definition, parents, now)
      if (ms < LEAST_MS) throw DeadlinePassed(type)
      const id = ids.next('msg')
      const deadline = deadlineOf(now, ms)
      const request: IncomingRequest = {
        type,
        data: definition.input.parse(input),
        from: service,
        id,
        idempotencyKey: options.idempotencyKey ?? id,
        deadline,
        origin: { ...origin, causationId: id, deadline },
      }
      const to = destinationOf(definition)
      retries?.asked()
      // What a message caused is repeated by who sent that message: retries at every layer would multiply.
      const again = retries && definition.idempotent && origin.causationId === undefined
      if (!again) return outputOf(definition, await ask(request, to, ms))
      return outputOf(definition, await askAgain(request, to, deadline, await askTwice(request, to, ms, retries)))
    },
  }
}

type Outcome = { readonly reply: ReplyData } | { readonly error: unknown }

const outcomeOf = async (asked: Promise<ReplyData>): Promise<Outcome> => {
  try {
    return { reply: await asked }
  } catch (error) {
    return { error }
  }
}

const mayBeAskedAgain = (outcome: Outcome): boolean =>
  'reply' in outcome ? isOverloaded(outcome.reply) : ServiceFailed.is(outcome.error) || OutcomeUnknown.is(outcome.error)

const retryAfterMs = (outcome: Outcome): number =>
  'reply' in outcome && outcome.reply.outcome === 'faulted' ? (outcome.reply.retryAfterMs ?? 0) : 0

/** The lane within one process: services register their answering door, and a request is a function call. */
export const createMemoryLane = (): {
  readonly lane: Lane
  /** True where the service runs in this process. */
  serves(service: string): boolean
  register(service: string, respond: Respond): void
} => {
  const doors = new Map<string, Respond>()
  return {
    serves: (service) => doors.has(service),
    register: (service, respond) => {
      doors.set(service, respond)
    },
    lane: (service, request, signal) => {
      const respond = doors.get(service)
      if (respond) return respond(request, signal)
      return Promise.reject(ServiceFailed(request.type, `the service "${service}" is not running`))
    },
  }
}
