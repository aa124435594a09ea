import { z } from 'zod'
import type { AwsClients } from '#bus/transports/aws/clients.ts'
import { type DeadLetterQueue, type DeadMessage, openDeadLetterQueue } from '#bus/transports/aws/dead-letter-queue.ts'
import { reasonOf } from '#bus/transports/aws/failures.ts'
import type { Topology } from '#bus/transports/aws/topology.ts'
import { ClientFailure } from '../client/client-failure.ts'
import type { ListedLetter } from './table.ts'

/** A message in one of the queue service's own dead-letter queues, as the list shows it. */
export interface QueuedLetter extends ListedLetter {
  readonly service: string
  readonly body: string
}

/** The dead-letter queues of a deployment. Everything throws `ClientFailure`. */
export interface DeadQueues {
  readonly names: readonly string[]
  /** What lies in those of these services; a queue that is not there holds nothing, and is the doctor's business. */
  ofServices(services: readonly string[]): Promise<readonly QueuedLetter[]>
  open(name: string): DeadLetterQueue
}

export const openDeadQueues = (clients: AwsClients, { queues }: Topology): DeadQueues => {
  const dead = queues.filter(({ purpose }) => purpose === 'dead letters')
  return {
    names: dead.map(({ name }) => name),
    ofServices: async (services) => {
      const lists = dead
        .filter(({ service }) => services.includes(service))
        .map(async ({ service, name }) =>
          (await listUnlessGone(openDeadLetterQueue(clients, name))).map((message) =>
            queuedLetter(service, name, message),
          ),
        )
      return (await answered(() => Promise.all(lists))).flat()
    },
    open: (name) => {
      const queue = openDeadLetterQueue(clients, name)
      return {
        list: () => answered(queue.list),
        drop: (id) => answered(() => queue.drop(id)),
        purge: () => answered(queue.purge),
        redrive: () => answered(queue.redrive),
        lastMove: () => answered(queue.lastMove),
      }
    },
  }
}

const Typed = z.object({ type: z.string().optional(), 'detail-type': z.string().optional() })

/** The type of the envelope, or of the event that a rule could not deliver. */
const typeOf = (body: string): string => {
  try {
    const { type, 'detail-type': detailType } = Typed.parse(JSON.parse(body))
    return type ?? detailType ?? '-'
  } catch {
    return '-'
  }
}

export const queuedLetter = (service: string, queue: string, message: DeadMessage): QueuedLetter => ({
  service,
  deadLetterId: message.messageId,
  consumer: queue,
  type: typeOf(message.body),
  failedAt: message.sentAt,
  reason: message.reason,
  body: message.body,
})

const listUnlessGone = async (queue: DeadLetterQueue): Promise<readonly DeadMessage[]> => {
  try {
    return await queue.list()
  } catch (error) {
    if (error instanceof Error && error.name === 'QueueDoesNotExist') return []
    throw error
  }
}

const answered = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && error.name === 'MoveNotSupported') throw new ClientFailure(NO_MOVES)
    throw new ClientFailure(`The queue service says: ${reasonOf(error)}`)
  }
}

const NO_MOVES =
  'This queue service does not know how to move messages out of a dead-letter queue (StartMessageMoveTask); AWS does. ' +
  'Nothing was moved: all messages are still there.'
