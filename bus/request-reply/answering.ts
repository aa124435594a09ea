import { type Clock, MINUTE, msBetween } from '#domain/kernel/clock.ts'
import { InvalidInput } from '../cqrs/errors.ts'
import type { ReplyData } from '../envelope.ts'
import { type IncomingRequest, SenderRefused, Unimplemented } from '../messaging/dispatcher.ts'
import { isAnswered, messageNamed } from '../patterns/directory.ts'
import { DeadlinePassed, Overloaded, type Respond } from './requester.ts'

/** What the answering side tells of, for metrics and logs. */
export interface AnsweringObserver {
  overloaded(type: string): void
  /** A request failed in a way that its contract does not name; the caller learns no more than the correlation id. */
  failed(request: IncomingRequest, error: unknown): void
}

export interface AnsweringOptions {
  readonly respond: Respond
  readonly clock: Clock
  /** Requests under way at once; what comes on top is sent away at once. */
  readonly capacity: number
  /** What those are told to wait, in milliseconds. */
  readonly retryAfterMs: number
  readonly observe: AnsweringObserver
}

/** No contract waits longer, whatever the asker says. */
const LONGEST_MS = MINUTE

/** Codes of the bus itself, which every asker understands. */
const BUS_CODES = new Set(
  [Unimplemented, SenderRefused, InvalidInput, DeadlinePassed, Overloaded].map(({ code }) => code),
)

const isDeclared = (type: string, code: string): boolean =>
  BUS_CODES.has(code) || (isAnswered(type) && messageNamed(type).errors.some((error) => error.code === code))

/** Says nothing of what happened: whoever runs the service finds it by the correlation id. */
const internal = ({ origin }: IncomingRequest): ReplyData => ({
  outcome: 'faulted',
  code: 'INTERNAL',
  kind: 'internal',
  detail: `Something went wrong; it is logged under ${origin.correlationId}.`,
})

/**
 * The way in for requests from other processes: bounded, with a signal at the deadline, and with no other errors than those
 * of the contract. Never rejects.
 */
export const createAnswering = ({
  respond,
  clock,
  capacity,
  retryAfterMs,
  observe,
}: AnsweringOptions): ((request: IncomingRequest) => Promise<ReplyData>) => {
  let underway = 0

  const withSignal = async (request: IncomingRequest): Promise<ReplyData> => {
    const waiting = new AbortController()
    const { deadline } = request
    const ms = deadline === undefined ? LONGEST_MS : msBetween(clock.now(), deadline)
    const timer = setTimeout(() => waiting.abort(), Math.max(0, Math.min(ms, LONGEST_MS)))
    try {
      return await respond(request, waiting.signal)
    } finally {
      clearTimeout(timer)
    }
  }

  return async (request) => {
    if (underway >= capacity) {
      observe.overloaded(request.type)
      const { code, kind, message } = Overloaded(request.type, retryAfterMs)
      return { outcome: 'faulted', code, kind, detail: message, retryAfterMs }
    }
    underway++
    try {
      const reply = await withSignal(request)
      if (reply.outcome === 'replied' || isDeclared(request.type, reply.code)) return reply
      observe.failed(request, new Error(`"${request.type}" does not declare ${reply.code}: ${reply.detail}`))
      return internal(request)
    } catch (error) {
      observe.failed(request, error)
      return internal(request)
    } finally {
      underway--
    }
  }
}
