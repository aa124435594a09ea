import type { Message } from '@aws-sdk/client-sqs'
import type { AwsClients } from './clients.ts'

/** A message that lies in a dead-letter queue. */
export interface DeadMessage {
  readonly messageId: string
  readonly sentAt: string
  /** Why it is there, as far as the queue service says. */
  readonly reason: string
  readonly body: string
}

/** What a service answers that cannot move messages out of a dead-letter queue. */
export class MoveNotSupported extends Error {
  override name = 'MoveNotSupported'
}

/** How a move stands. */
export interface Move {
  readonly status: string
  readonly moved: number
  readonly failure: string | undefined
}

/** One of SQS's own dead-letter queues. */
export interface DeadLetterQueue {
  /** All of its messages; each is hidden for as long as the listing takes, at most half a minute, and stays. */
  list(): Promise<readonly DeadMessage[]>
  /** Deletes one message; false where there is none of that id. */
  drop(messageId: string): Promise<boolean>
  /** Deletes all of them. */
  purge(): Promise<void>
  /** Has the queue service move all of them to where they came from. Throws `MoveNotSupported`. */
  redrive(): Promise<void>
  /** The move that was started last. */
  lastMove(): Promise<Move | undefined>
}

const HIDDEN_SECONDS = 30
const BATCH = 10
/** A receive that waits asks all servers of the queue, so that one that brings nothing has seen the end. */
const WAIT_SECONDS = 1

export const openDeadLetterQueue = (clients: AwsClients, queue: string): DeadLetterQueue => {
  /** Takes messages until there are none or `enough`; gives all back but those that were deleted meanwhile. */
  const read = async (enough: (message: Message) => Promise<boolean>): Promise<void> => {
    const [sqs, QueueUrl] = [await clients.queues(), await clients.queueUrl(queue)]
    const taken: Message[] = []
    try {
      for (;;) {
        const { Messages = [] } = await sqs.receiveMessage({
          QueueUrl,
          MaxNumberOfMessages: BATCH,
          VisibilityTimeout: HIDDEN_SECONDS,
          WaitTimeSeconds: WAIT_SECONDS,
          MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
          MessageAttributeNames: ['All'],
        })
        if (Messages.length === 0) return
        taken.push(...Messages)
        for (const message of Messages) if (await enough(message)) return
      }
    } finally {
      for (let from = 0; from < taken.length; from += BATCH)
        await sqs.changeMessageVisibilityBatch({
          QueueUrl,
          // What was deleted fails here, inside an answer that is otherwise good.
          Entries: taken
            .slice(from, from + BATCH)
            .map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle, VisibilityTimeout: 0 })),
        })
    }
  }

  const arn = async (): Promise<string> => {
    const [sqs, QueueUrl] = [await clients.queues(), await clients.queueUrl(queue)]
    const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] })
    if (Attributes?.QueueArn === undefined) throw new Error(`No ARN was answered for the queue "${queue}".`)
    return Attributes.QueueArn
  }

  return {
    list: async () => {
      const found = new Map<string, DeadMessage>()
      await read(async (message) => {
        const seen = presented(message)
        // One that comes again was hidden for too short a time: everything has been seen.
        if (found.has(seen.messageId)) return true
        found.set(seen.messageId, seen)
        return false
      })
      return [...found.values()].toSorted((a, b) => (a.sentAt < b.sentAt ? -1 : 1))
    },
    drop: async (messageId) => {
      let dropped = false
      await read(async ({ MessageId, ReceiptHandle }) => {
        if (MessageId !== messageId) return false
        const [sqs, QueueUrl] = [await clients.queues(), await clients.queueUrl(queue)]
        await sqs.deleteMessage({ QueueUrl, ReceiptHandle })
        dropped = true
        return true
      })
      return dropped
    },
    purge: async () => {
      await (await clients.queues()).purgeQueue({ QueueUrl: await clients.queueUrl(queue) })
    },
    redrive: async () => {
      const sqs = await clients.queues()
      try {
        await sqs.startMessageMoveTask({ SourceArn: await arn() })
      } catch (error) {
        if (error instanceof Error && isUnknownOperation(error)) throw new MoveNotSupported(error.message)
        throw error
      }
    },
    lastMove: async () => {
      const sqs = await clients.queues()
      const { Results = [] } = await sqs.listMessageMoveTasks({ SourceArn: await arn(), MaxResults: 1 })
      const [last] = Results
      return (
        last && {
          status: last.Status ?? 'UNKNOWN',
          moved: last.ApproximateNumberOfMessagesMoved ?? 0,
          failure: last.FailureReason,
        }
      )
    },
  }
}

/** The name under which a service says that it does not know an action, whatever the protocol. */
const isUnknownOperation = ({ name, message }: Error): boolean =>
  /InvalidAction|UnknownOperation|UnsupportedOperation|NotImplemented/i.test(`${name} ${message}`)

const presented = ({ MessageId = '', Body = '', Attributes, MessageAttributes }: Message): DeadMessage => {
  const said = (name: string): string | undefined => MessageAttributes?.[name]?.StringValue
  const [code, rule] = [said('ERROR_CODE'), said('RULE_ARN')]
  return {
    messageId: MessageId,
    sentAt: new Date(Number(Attributes?.SentTimestamp ?? 0)).toISOString(),
    reason: rule
      ? `The rule ${rule.split('/').at(-1)} could not deliver it: ${code ?? said('ERROR_MESSAGE') ?? 'no reason given'}`
      : 'It was received too often without being deleted: its consumer died of it.',
    body: Body,
  }
}
