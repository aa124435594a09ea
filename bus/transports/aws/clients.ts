import type { EventBridge } from '@aws-sdk/client-eventbridge'
import type { S3 } from '@aws-sdk/client-s3'
import type { SQS } from '@aws-sdk/client-sqs'

export interface AwsConnection {
  readonly region: string
  /** Of an emulator, which takes any keys; AWS and the keys of the process's role when absent. */
  readonly endpoint?: string | undefined
  /** How long connecting may take, in milliseconds; 500 when not given. */
  readonly connectTimeoutMs?: number
  /** How long one call may take, in milliseconds; 2,000 when not given. A long poll has its waiting time on top. */
  readonly requestTimeoutMs?: number
}

/** The AWS clients of a process. Each is loaded when it is first asked for, so that nobody pays for one that is not used. */
export interface AwsClients {
  readonly requestTimeoutMs: number
  events(): Promise<EventBridge>
  queues(): Promise<SQS>
  objects(): Promise<S3>
  /** The URL of a queue, asked for once. Rejects with `QueueDoesNotExist`. */
  queueUrl(queue: string): Promise<string>
  /** Closes the connections. */
  close(): void
}

/**
 * One retry within the client, for a connection that had been kept too long. Everything else is tried again further
 * out: by the relay, the polls, and the queues themselves.
 */
const TRIES = 2
/** Every consumer holds a connection while it polls; the other calls must not wait for those. */
const MOST_CONNECTIONS = 256

const once = <T>(make: () => Promise<T>): { get(): Promise<T>; made(): Promise<T> | undefined } => {
  let made: Promise<T> | undefined
  return { get: () => (made ??= make()), made: () => made }
}

/** Makes the clients of a process; the only place that does. */
export const createAwsClients = (connection: AwsConnection): AwsClients => {
  const { region, endpoint, connectTimeoutMs = 500, requestTimeoutMs = 2_000 } = connection
  const config = {
    region,
    maxAttempts: TRIES,
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      // Without this a timeout is a warning in the log.
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets: MOST_CONNECTIONS },
      httpsAgent: { maxSockets: MOST_CONNECTIONS },
    },
    ...(endpoint === undefined ? {} : { endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
  }
  const events = once(async () => new (await import('@aws-sdk/client-eventbridge')).EventBridge(config))
  const queues = once(async () => new (await import('@aws-sdk/client-sqs')).SQS(config))
  const objects = once(
    async () => new (await import('@aws-sdk/client-s3')).S3({ ...config, forcePathStyle: endpoint !== undefined }),
  )
  const urls = new Map<string, Promise<string>>()

  const askUrl = async (queue: string): Promise<string> => {
    const { QueueUrl } = await (await queues.get()).getQueueUrl({ QueueName: queue })
    if (QueueUrl === undefined) throw new Error(`No URL was answered for the queue "${queue}".`)
    return QueueUrl
  }

  return {
    requestTimeoutMs,
    events: events.get,
    queues: queues.get,
    objects: objects.get,
    queueUrl: (queue) => {
      const known = urls.get(queue)
      if (known) return known
      const asked = askUrl(queue)
      urls.set(queue, asked)
      asked.catch(() => urls.delete(queue))
      return asked
    },
    close: () => {
      for (const client of [events, queues, objects]) void client.made()?.then((made) => made.destroy())
    },
  }
}
