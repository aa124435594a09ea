import { MAX_ENVELOPE_BYTES } from '../../envelope.ts'
import type { ServicePatterns } from '../../patterns/patterns.ts'
import type { Transport } from '../transport.ts'
import { createClaims } from './claims.ts'
import type { AwsClients } from './clients.ts'
import { type ConsumerTuning, type QueueConsumer, type QueueProblem, startQueueConsumer } from './consumer.ts'
import { failed } from './failures.ts'
import { createPublisher } from './publisher.ts'
import { createRecordHandler } from './record.ts'
import { claimsBucketName, MAX_ATTEMPTS, queueNames } from './topology.ts'

export interface AwsTransportOptions {
  readonly clients: AwsClients
  /** Begins every name, as in the topology. */
  readonly prefix: string
  readonly patterns?: readonly ServicePatterns[]
  /** The attempt whose failure the dispatcher writes as a dead letter; `MAX_ATTEMPTS` when not given. */
  readonly maxAttempts?: number
  /** False where something else brings the records, as in Lambda; true when not given. */
  readonly consumes?: boolean
  readonly consumer?: ConsumerTuning
  /** In [0, 1), for jitter. */
  readonly random: () => number
  readonly onProblem?: (problem: QueueProblem) => void
}

/** Rows that a relay hands over in one call: ten full batches, which leave at the same time. */
const MAX_BATCH = 100

/**
 * The transport over EventBridge and SQS. `accepted` means that a queue or the event bus has it; it brings a message at
 * least once and in any order. The topology must exist: nothing is made here.
 * @example
 * const clients = createAwsClients({ region: 'eu-central-1' })
 * const transport = createAwsTransport({ clients, prefix: 'edtech-production', random })
 * transport.connect('learning', dispatcher.subscriptions, dispatcher.receive)
 */
export const createAwsTransport = (options: AwsTransportOptions): Transport => {
  const { clients, prefix, maxAttempts = MAX_ATTEMPTS, consumes = true, consumer, random, onProblem } = options
  const names = queueNames(prefix)
  const claims = createClaims(clients, claimsBucketName(prefix))
  const publish = createPublisher(options)
  const consumers: QueueConsumer[] = []
  const delivering = new Set<Promise<unknown>>()
  let closed = false

  return {
    capabilities: {
      orderedPerKey: false,
      acceptsAfterCommit: false,
      maxAttempts,
      maxBytes: MAX_ENVELOPE_BYTES,
      maxBatch: MAX_BATCH,
    },
    deliver: (messages) => {
      if (closed) return Promise.resolve(messages.map(() => failed('The transport is closed.')))
      const delivery = publish(messages).finally(() => delivering.delete(delivery))
      delivering.add(delivery)
      return delivery
    },
    connect: (service, _subscriptions, receive) => {
      if (!consumes) return
      const handle = createRecordHandler({ receive, claims, maxAttempts })
      const consume = (queue: string, purpose: string): QueueConsumer =>
        startQueueConsumer({
          ...consumer,
          clients,
          name: `${service}.${purpose}`,
          queue,
          handle,
          random,
          ...(onProblem ? { onProblem } : {}),
        })
      consumers.push(consume(names.events(service), 'events'), consume(names.commands(service), 'commands'))
    },
    close: async () => {
      closed = true
      await Promise.all([...consumers.map((one) => one.close()), Promise.allSettled(delivering)])
    },
  }
}
