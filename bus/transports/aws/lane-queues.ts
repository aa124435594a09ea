import type { LaneQueues } from '../../request-reply/sqs-lane/queues.ts'
import type { AwsClients } from './clients.ts'
import { type ConsumerTuning, type QueueProblem, startQueueConsumer } from './consumer.ts'
import { createQueueSender } from './queue-sender.ts'

export interface AwsLaneQueuesOptions {
  /** The service whose requests and replies these are. */
  readonly service: string
  readonly clients: AwsClients
  /** In [0, 1), for jitter. */
  readonly random: () => number
  readonly onProblem?: (problem: QueueProblem) => void
  readonly consumer?: ConsumerTuning
}

/**
 * More requests are taken than a service works on at once (the capacity of its answering side is to be less), so that what
 * is too much is sent away at once and does not wait in the queue until nobody waits for it any more.
 */
const CONCURRENCY = 200

/** The queues of requests and replies on SQS. */
export const createAwsLaneQueues = ({
  service,
  clients,
  random,
  onProblem,
  consumer,
}: AwsLaneQueuesOptions): LaneQueues => ({
  send: createQueueSender(clients),
  consume: (queue, handle) =>
    startQueueConsumer({
      concurrency: CONCURRENCY,
      ...consumer,
      clients,
      name: `${service}.lane`,
      queue,
      handle,
      random,
      ...(onProblem ? { onProblem } : {}),
    }),
})
