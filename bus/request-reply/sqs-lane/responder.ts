import type { Clock } from '#domain/kernel/clock.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import {
  decodeEnvelope,
  type Envelope,
  encodeEnvelope,
  type ReplyData,
  SOURCE_PREFIX,
  serviceOf,
} from '../../envelope.ts'
import { type IncomingRequest, Unimplemented } from '../../messaging/dispatcher.ts'
import { isAnswered, messageNamed } from '../../patterns/directory.ts'
import { DeadlinePassed } from '../requester.ts'
import type { CheckServiceToken } from '../service-token.ts'
import { createBatchedSend } from './batched-send.ts'
import type { LaneQueueNames, LaneQueues } from './queues.ts'
import { slotNamed } from './reply-slots.ts'

/** Why a request was deleted without an answer: there is nobody to answer to, or nobody who would still read it. */
export type DroppedRequest = 'unreadable' | 'expired' | 'misdirected' | 'forged'

export interface SqsResponderOptions {
  /** The service that answers. */
  readonly service: string
  readonly queues: LaneQueues
  readonly names: LaneQueueNames
  /** Reply slots of every service. */
  readonly slotCount: number
  readonly answer: (request: IncomingRequest) => Promise<ReplyData>
  readonly check: CheckServiceToken
  readonly clock: Clock
  readonly ids: Ids
  readonly dropped: (why: DroppedRequest, type: string) => void
  /** How long a reply waits for others to be sent with, in milliseconds; 2 when not given. */
  readonly lingerMs?: number
}

/** Requests without a deadline come from durable senders, and by the queue for commands. */
type Request = Envelope & Required<Pick<Envelope, 'deadline' | 'replyto' | 'replyref'>>

const isRequest = (envelope: Envelope): envelope is Request =>
  envelope.messagekind === 'request' &&
  envelope.deadline !== undefined &&
  envelope.replyto !== undefined &&
  envelope.replyref !== undefined

const read = (body: string): Request | undefined => {
  try {
    const envelope = decodeEnvelope(body)
    return isRequest(envelope) ? envelope : undefined
  } catch {
    return undefined
  }
}

/** A sensitive message has no business in a queue, so that nothing here answers it. */
const isKnown = (type: string): boolean => isAnswered(type) && !messageNamed(type).sensitive

const requestOf = (envelope: Request, from: string): IncomingRequest => ({
  type: envelope.type,
  data: envelope.data,
  from,
  id: envelope.id,
  idempotencyKey: envelope.idempotencykey ?? envelope.id,
  deadline: envelope.deadline,
  origin: {
    correlationId: envelope.correlationid,
    causationId: envelope.id,
    traceparent: envelope.traceparent,
    deadline: envelope.deadline,
  },
})

/**
 * Takes the requests of a service's queue in, one at a time each, in a fixed order: type, deadline, reply address, sender,
 * schema, handler. Rejects where the reply could not be sent: the request comes again, and gets the stored answer.
 */
export const createSqsResponder = (
  options: SqsResponderOptions,
): ((message: { readonly body: string }) => Promise<void>) => {
  const { service, queues, names, slotCount, answer, check, clock, ids, dropped, lingerMs = 2 } = options
  const send = createBatchedSend(queues, lingerMs)

  const reply = async (request: Request, slot: number, data: ReplyData): Promise<void> => {
    const envelope: Envelope = {
      specversion: '1.0',
      id: ids.next('msg'),
      messagekind: 'reply',
      type: request.type,
      source: `${SOURCE_PREFIX}${service}`,
      time: clock.now(),
      subject: request.subject,
      dataversion: 1,
      correlationid: request.correlationid,
      causationid: request.id,
      traceparent: request.traceparent,
      replyref: request.replyref,
      data,
    }
    const delivered = await send(names.replies(serviceOf(request), slot), encodeEnvelope(envelope))
    if (!delivered.accepted) throw new Error(`The reply to ${request.id} could not be sent: ${delivered.reason}`)
  }

  /** The service behind a token, where it is the one that the envelope names. */
  const isSender = async ({ sendertoken }: Request, claimed: string): Promise<boolean> => {
    if (sendertoken === undefined) return false
    return (await check(sendertoken).catch(() => undefined)) === claimed
  }

  return async ({ body }) => {
    const request = read(body)
    if (!request) return dropped('unreadable', 'unreadable')
    const { type } = request
    const claimed = serviceOf(request)
    const slot = slotNamed(request.replyto, claimed, slotCount)
    if (!isKnown(type) && slot !== undefined) {
      const { code, kind, message } = Unimplemented(type)
      return reply(request, slot, { outcome: 'faulted', code, kind, detail: message })
    }
    if (request.deadline <= clock.now()) return dropped('expired', type)
    if (slot === undefined) return dropped('misdirected', type)
    if (!(await isSender(request, claimed))) return dropped('forged', type)
    const data = await answer(requestOf(request, claimed))
    if (data.outcome === 'faulted' && data.code === DeadlinePassed.code) return dropped('expired', type)
    return reply(request, slot, data)
  }
}
