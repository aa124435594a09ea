import type { Message } from '@aws-sdk/client-sqs'
import { failpoint } from '../../failpoints.ts'
import type { AwsClients } from './clients.ts'
import { createEntryBatcher } from './entry-batcher.ts'
import { within } from '../within.ts'

/** A message as it came out of a queue. */
export interface QueueMessage {
  readonly body: string
  /** 1 for the first delivery. */
  readonly attempt: number
}

/** What went wrong beside the handling of a message; nothing is lost by it. */
export interface QueueProblem {
  readonly queue: string
  readonly work: 'receive' | 'handle' | 'delete' | 'visibility'
  readonly error: unknown
}

/** How a queue is consumed; every field has a default that fits production. */
export interface ConsumerTuning {
  /** Messages handled at the same time; no more are received than can be handled at once. 20 when not given. */
  readonly concurrency?: number
  /** How long a poll waits for messages, in seconds; 20 when not given. */
  readonly waitSeconds?: number
  /** How long a message that was received stays hidden until that is extended; 30 when not given. */
  readonly visibilitySeconds?: number
  /** How long a handler may take, in milliseconds, before its message counts as failed; 60,000 when not given. */
  readonly timeoutMs?: number
  /** How long a message that failed stays hidden, in whole seconds. */
  readonly backoffSeconds?: (attempt: number, random: () => number) => number
  /** How long a handled message waits for others to be deleted with, in milliseconds; 1,000 when not given. */
  readonly lingerMs?: number
}

export interface ConsumerOptions extends ConsumerTuning {
  readonly clients: AwsClients
  /** Begins the names of its failpoints, e.g. `learning.events`. */
  readonly name: string
  readonly queue: string
  /** Resolves when the message is done with, rejects when it must come again. */
  readonly handle: (message: QueueMessage) => Promise<void>
  /** In [0, 1), for jitter. */
  readonly random: () => number
  readonly onProblem?: (problem: QueueProblem) => void
}

/** A queue that is being consumed. */
export interface QueueConsumer {
  /** Takes nothing more; resolves when all that was taken is handled, and deleted or given back. */
  close(): Promise<void>
}

const PORTION = 10
/** How long a full portion is waited for while there is room for less: a slow message must not keep others out. */
const FILL_MS = 100
/** How long a close waits for the poll under way: what a busy queue has handed over would otherwise stay hidden for long. */
const LAST_POLL_MS = 300
const LONGEST_BACKOFF_SECONDS = 30
const POLL_BACKOFF_MS = 100
const LONGEST_POLL_BACKOFF_MS = 5_000

/** Full jitter over 1 s, 2 s, 4 s and so on; SQS knows whole seconds. */
const fullJitter = (attempt: number, random: () => number): number =>
  Math.round(random() * Math.min(LONGEST_BACKOFF_SECONDS, 2 ** (attempt - 1)))

/** A receipt and the seconds that its message is to stay hidden from now on. */
interface VisibilityChange {
  readonly receipt: string
  readonly seconds: number
}

const batchEntries = <T extends { readonly receipt: string }>(entries: readonly T[]) =>
  entries.map(({ receipt }, at) => ({ Id: String(at), ReceiptHandle: receipt }))

const failuresOf = <T>(entries: readonly T[], failed: readonly { Id?: string | undefined }[] = []): T[] =>
  failed.flatMap(({ Id }) => entries[Number(Id)] ?? [])

/**
 * Consumes one queue: long polls while there is room, handles messages at the same time, keeps them hidden while that
 * takes, deletes what was handled in batches, and lets what failed come again later. Whoever handles must bear that a
 * message comes twice.
 */
export const startQueueConsumer = (options: ConsumerOptions): QueueConsumer => {
  const { clients, name, queue, handle, random, onProblem } = options
  const { concurrency = 20, waitSeconds = 20, visibilitySeconds = 30, timeoutMs = 60_000, lingerMs = 1_000 } = options
  const { backoffSeconds = fullJitter } = options
  const beforeDelete = failpoint(`${name}.before_delete`)
  const afterDelete = failpoint(`${name}.after_delete`)
  const portion = Math.min(PORTION, concurrency)
  const polling = new AbortController()
  let stopped = false
  /** Receipts of what is hidden for this consumer, and when that began or was extended. */
  const hiddenSince = new Map<string, number>()
  const handling = new Set<Promise<void>>()
  let wake: () => void = () => undefined

  const report = (work: QueueProblem['work'], error: unknown): void => onProblem?.({ queue, work, error })

  const deletes = createEntryBatcher<{ readonly receipt: string }>({
    lingerMs,
    send: async (entries) => {
      const [client, QueueUrl] = await Promise.all([clients.queues(), clients.queueUrl(queue)])
      const { Failed } = await client.deleteMessageBatch({ QueueUrl, Entries: batchEntries(entries) })
      await afterDelete()
      const failures = failuresOf(entries, Failed)
      for (const entry of entries) if (!failures.includes(entry)) hiddenSince.delete(entry.receipt)
      return failures
    },
    onGivenUp: (entries, error) => {
      for (const { receipt } of entries) hiddenSince.delete(receipt)
      report('delete', error)
    },
  })

  const visibility = createEntryBatcher<VisibilityChange>({
    lingerMs: Math.min(lingerMs, 100),
    send: async (entries) => {
      const [client, QueueUrl] = await Promise.all([clients.queues(), clients.queueUrl(queue)])
      const { Failed } = await client.changeMessageVisibilityBatch({
        QueueUrl,
        Entries: batchEntries(entries).map((entry, at) => ({ ...entry, VisibilityTimeout: entries[at]?.seconds ?? 0 })),
      })
      return failuresOf(entries, Failed)
    },
    onGivenUp: (_entries, error) => report('visibility', error),
  })

  const heartbeatMs = (visibilitySeconds * 1_000) / 3
  const heartbeat = setInterval(() => {
    const now = performance.now()
    for (const [receipt, sinceMs] of hiddenSince) {
      if (now - sinceMs < heartbeatMs) continue
      hiddenSince.set(receipt, now)
      visibility.add({ receipt, seconds: visibilitySeconds })
    }
  }, heartbeatMs)

  const take = async ({ Body = '', ReceiptHandle: receipt = '', Attributes }: Message): Promise<void> => {
    const attempt = Number(Attributes?.ApproximateReceiveCount ?? 1)
    hiddenSince.set(receipt, performance.now())
    try {
      await within(handle({ body: Body, attempt }), timeoutMs)
      await beforeDelete()
      deletes.add({ receipt })
    } catch (error) {
      report('handle', error)
      hiddenSince.delete(receipt)
      visibility.add({ receipt, seconds: backoffSeconds(attempt, random) })
    }
  }

  const start = (message: Message): void => {
    const work = take(message).finally(() => {
      handling.delete(work)
      // Nothing else is coming to fill the batch.
      if (handling.size === 0) void deletes.flush()
      wake()
    })
    handling.add(work)
  }

  /** Resolves when a message is done with, the consumer is stopped, or the time is over. */
  const change = (ms?: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const unlessStopped = async (ms: number): Promise<void> => {
    const untilMs = performance.now() + ms
    for (let leftMs = ms; !stopped && leftMs > 0; leftMs = untilMs - performance.now()) await change(leftMs)
  }

  /** How many messages may be received now: a full portion, or less once that was waited for. */
  const room = async (): Promise<number> => {
    const free = (): number => concurrency - handling.size
    const untilMs = performance.now() + FILL_MS
    while (!stopped && free() < portion) {
      const leftMs = untilMs - performance.now()
      if (free() > 0 && leftMs <= 0) break
      await change(free() > 0 ? leftMs : undefined)
    }
    return Math.min(portion, free())
  }

  const poll = async (most: number): Promise<readonly Message[]> => {
    const [client, QueueUrl] = await Promise.all([clients.queues(), clients.queueUrl(queue)])
    const { Messages = [] } = await client.receiveMessage(
      {
        QueueUrl,
        MaxNumberOfMessages: most,
        WaitTimeSeconds: waitSeconds,
        VisibilityTimeout: visibilitySeconds,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      },
      { abortSignal: polling.signal, requestTimeout: waitSeconds * 1_000 + clients.requestTimeoutMs },
    )
    return Messages
  }

  const run = async (): Promise<void> => {
    let failures = 0
    while (!stopped) {
      const most = await room()
      if (stopped) return
      try {
        for (const message of await poll(most)) start(message)
        failures = 0
      } catch (error) {
        if (stopped) return
        report('receive', error)
        const backoffMs = Math.min(LONGEST_POLL_BACKOFF_MS, POLL_BACKOFF_MS * 2 ** failures++)
        await unlessStopped(backoffMs / 2 + (random() * backoffMs) / 2)
      }
    }
  }

  const running = run()
  return {
    close: async () => {
      stopped = true
      wake()
      const timer = setTimeout(() => polling.abort(), LAST_POLL_MS)
      await running
      clearTimeout(timer)
      while (handling.size > 0) await Promise.all(handling)
      await Promise.all([deletes.flush(), visibility.flush()])
      clearInterval(heartbeat)
    },
  }
}
