import { type Clock, SECOND } from '#domain/kernel/clock.ts'
import { decodeEnvelope, type Envelope, encodeEnvelope, ReplyData, SOURCE_PREFIX, serviceOf } from '../../envelope.ts'
import type { IncomingRequest } from '../../messaging/dispatcher.ts'
import { messageNamed } from '../../patterns/directory.ts'
import { type Lane, OutcomeUnknown, ServiceFailed } from '../requester.ts'
import type { IssueServiceToken } from '../service-token.ts'
import { createBatchedSend } from './batched-send.ts'
import { createLease } from './lease.ts'
import type { Consumption, LaneQueueNames, LaneQueues } from './queues.ts'
import { type ReplySlot, type ReplySlots, slotName } from './reply-slots.ts'

/** Why a reply was deleted without being anybody's answer. */
export type DroppedReply = 'duplicate' | 'late' | 'unknown' | 'epoch' | 'forged' | 'unreadable'

/** What the asking side tells of, for metrics and logs. */
export interface SqsLaneObserver {
  dropped(why: DroppedReply): void
  /** Another instance has the slot of this one, which had stopped renewing it. */
  slotLost(slot: ReplySlot): void
}

export interface SqsLaneOptions {
  /** The service that asks. */
  readonly service: string
  readonly queues: LaneQueues
  readonly names: LaneQueueNames
  readonly slots: ReplySlots
  readonly token: IssueServiceToken
  readonly clock: Clock
  readonly observe: SqsLaneObserver
  /** How long a request waits for others to be sent with, in milliseconds; 2 when not given. */
  readonly lingerMs?: number
  /** How long replies are polled for after the last request in flight, in milliseconds; 30,000 when not given. */
  readonly idleMs?: number
}

/** The lane between containers: requests to the service's queue, replies on a leased one. */
export interface SqsLane {
  readonly lane: Lane
  /** True where this process has a reply slot, which it takes now if it can. */
  ready(): Promise<boolean>
  /** Takes no more requests, waits for those in flight, at most `graceMs`, and gives the slot back. */
  close(graceMs: number): Promise<void>
}

interface Pending {
  readonly service: string
  readonly type: string
  settle(reply: ReplyData): void
}

/** How many ended requests are remembered, to tell a late reply or a repeat from one that nobody asked for. */
const REMEMBERED = 10_000

/** `undefined` for what is no reply. */
const readReply = (body: string) => {
  try {
    const envelope = decodeEnvelope(body)
    const [, epoch, id] = /^(\d+)\/(.+)$/.exec(envelope.replyref ?? '') ?? []
    if (envelope.messagekind !== 'reply' || epoch === undefined || id === undefined) return undefined
    return {
      from: serviceOf(envelope),
      type: envelope.type,
      epoch: Number(epoch),
      id,
      data: ReplyData.parse(envelope.data),
    }
  } catch {
    return undefined
  }
}

export const createSqsLane = (options: SqsLaneOptions): SqsLane => {
  const { service, queues, names, slots, token, clock, observe, lingerMs = 2, idleMs = 30 * SECOND } = options
  const send = createBatchedSend(queues, lingerMs)
  const pending = new Map<string, Pending>()
  const ended = new Map<string, 'duplicate' | 'late'>()
  let polling: { readonly slot: ReplySlot; readonly consumption: Consumption } | undefined
  let idle: NodeJS.Timeout | undefined
  let nothingInFlight: () => void = () => undefined
  let closed = false

  const stopPolling = async (): Promise<void> => {
    clearTimeout(idle)
    const stopped = polling
    polling = undefined
    await stopped?.consumption.close()
  }

  const lease = createLease({
    slots,
    clock,
    onLost: (slot) => {
      observe.slotLost(slot)
      void stopPolling()
    },
  })

  const end = (id: string, how: 'duplicate' | 'late'): void => {
    pending.delete(id)
    ended.set(id, how)
    const [oldest] = ended.keys()
    if (ended.size > REMEMBERED && oldest !== undefined) ended.delete(oldest)
    if (pending.size > 0) return
    nothingInFlight()
    clearTimeout(idle)
    idle = setTimeout(() => void stopPolling(), idleMs)
    idle.unref()
  }

  /** Takes in what came to the slot. Rejects a reply to a later lessee, so that it stays in the queue for that one. */
  const receive = (slot: ReplySlot, body: string): void => {
    const reply = readReply(body)
    if (!reply) return observe.dropped('unreadable')
    if (reply.epoch > slot.epoch) {
      lease.lose(slot)
      throw new Error('Another instance holds this reply slot.')
    }
    if (reply.epoch < slot.epoch) return observe.dropped('epoch')
    const asked = pending.get(reply.id)
    if (!asked) return observe.dropped(ended.get(reply.id) ?? 'unknown')
    if (asked.service !== reply.from || asked.type !== reply.type) return observe.dropped('forged')
    asked.settle(reply.data)
    end(reply.id, 'duplicate')
  }

  const poll = (slot: ReplySlot): void => {
    clearTimeout(idle)
    if (polling?.slot === slot) return
    const consumption = queues.consume(names.replies(service, slot.slot), async ({ body }) => receive(slot, body))
    polling = { slot, consumption }
  }

  const envelopeOf = (request: IncomingRequest, slot: ReplySlot, sendertoken: string): Envelope => ({
    specversion: '1.0',
    id: request.id,
    messagekind: 'request',
    type: request.type,
    source: `${SOURCE_PREFIX}${service}`,
    time: clock.now(),
    subject: request.id,
    dataversion: 1,
    correlationid: request.origin.correlationId,
    traceparent: request.origin.traceparent,
    replyto: slotName(service, slot),
    replyref: `${slot.epoch}/${request.id}`,
    sendertoken,
    deadline: request.deadline,
    idempotencykey: request.idempotencyKey,
    data: request.data,
  })

  const dispatch = async (to: string, request: IncomingRequest, slot: ReplySlot): Promise<void> => {
    const { type } = request
    const body = encodeEnvelope(envelopeOf(request, slot, await token(to)))
    const delivered = await send(names.requests(to), body)
    if (delivered.accepted) return
    throw delivered.refused ? ServiceFailed(type, delivered.reason) : OutcomeUnknown(type)
  }

  return {
    ready: async () => !closed && (await lease.hold()) !== undefined,
    lane: async (to, request, signal) => {
      const { id, type } = request
      if (messageNamed(type).sensitive)
        throw new TypeError(`"${type}" is sensitive and never enters a queue. help: give the service an internal URL.`)
      const slot = closed ? undefined : await lease.hold()
      if (!slot) throw ServiceFailed(type, 'no reply slot is free')
      return new Promise((resolve, reject) => {
        pending.set(id, { service: to, type, settle: resolve })
        poll(slot)
        const giveUp = (error: unknown): void => {
          if (!pending.has(id)) return
          end(id, 'late')
          reject(error)
        }
        if (signal.aborted) return giveUp(OutcomeUnknown(type))
        signal.addEventListener('abort', () => giveUp(OutcomeUnknown(type)), { once: true })
        dispatch(to, request, slot).catch(giveUp)
      })
    },
    close: async (graceMs) => {
      closed = true
      if (pending.size > 0)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, graceMs)
          nothingInFlight = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      await stopPolling()
      await lease.release()
    },
  }
}
