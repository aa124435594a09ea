import { type Clock, systemClock } from '#domain/kernel/clock.ts'
import { createMemoryReplySlots } from '../../../memory/reply-slots.ts'
import { createTestIds } from '../../../testing/ids.ts'
import { queueNames } from '../../../transports/aws/topology.ts'
import { createAnswering } from '../../answering.ts'
import type { Respond } from '../../requester.ts'
import { createServiceTokens, createTokenCheck } from '../../service-token.ts'
import { createServiceKeys } from '../../testing/service-keys.ts'
import type { LaneQueues } from '../queues.ts'
import type { ReplySlots } from '../reply-slots.ts'
import { createSqsResponder } from '../responder.ts'
import { createSqsLane, type SqsLaneOptions } from '../sqs-lane.ts'

export const SLOTS = 2
const keys = createServiceKeys('learning', 'payment', 'user')

export const tokenOf = (service: 'learning' | 'payment' | 'user', clock: Clock = systemClock) =>
  createServiceTokens({ service, privateKeyPem: keys.privateKeyOf(service), clock })

export interface Containers {
  readonly queues: LaneQueues
  readonly prefix?: string
  readonly slots?: ReplySlots
  readonly lane?: Partial<SqsLaneOptions>
  readonly capacity?: number
}

/** A container of `learning` that asks, and one of `payment` that answers by `respond`, and what both told of. */
export const openContainers = (respond: Respond, { queues, prefix = 'test', ...parts }: Containers) => {
  const clock = systemClock
  const ids = createTestIds()
  const names = queueNames(prefix)
  const told: string[] = []
  const answer = createAnswering({
    respond,
    clock,
    capacity: parts.capacity ?? 100,
    retryAfterMs: 100,
    observe: { overloaded: (type) => told.push(`${type} overloaded`), failed: (_, error) => told.push(String(error)) },
  })
  const handle = createSqsResponder({
    service: 'payment',
    queues,
    names,
    slotCount: SLOTS,
    answer,
    check: createTokenCheck({ service: 'payment', publicKeys: keys.publicKeys, clock }),
    clock,
    ids,
    dropped: (why, type) => told.push(`${type} ${why}`),
  })
  const answering = queues.consume(names.requests('payment'), handle)
  const sqs = createSqsLane({
    service: 'learning',
    queues,
    names,
    slots: parts.slots ?? createMemoryReplySlots(SLOTS),
    token: tokenOf('learning'),
    clock,
    observe: { dropped: (why) => told.push(`${why} reply`), slotLost: () => told.push('slot lost') },
    ...parts.lane,
  })
  return {
    ...sqs,
    names,
    told,
    close: async () => {
      await sqs.close(0)
      await answering.close()
    },
    drain: sqs.close,
  }
}
