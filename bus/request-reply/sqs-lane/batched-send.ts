import { MAX_ENVELOPE_BYTES } from '../../envelope.ts'
import type { Delivered } from '../../transports/transport.ts'
import type { LaneQueues } from './queues.ts'

const FULL = 10
/** What SQS takes in one call. */
const MAX_BYTES = 1024 * 1024

interface Waiting {
  readonly body: string
  readonly settle: (delivered: Delivered) => void
}

interface Batch {
  readonly waiting: Waiting[]
  bytes: number
  readonly timer: NodeJS.Timeout
}

/** Sends bodies one by one in batches: a full one at once, else what came within `lingerMs`. Never rejects. */
export const createBatchedSend = (queues: LaneQueues, lingerMs: number) => {
  const open = new Map<string, Batch>()

  const sendNow = async (queue: string): Promise<void> => {
    const batch = open.get(queue)
    if (!batch) return
    open.delete(queue)
    clearTimeout(batch.timer)
    const results = await queues.send(
      queue,
      batch.waiting.map(({ body }) => body),
    )
    for (const [at, { settle }] of batch.waiting.entries())
      settle(results[at] ?? { accepted: false, reason: 'The queue returned no result.' })
  }

  return (queue: string, body: string): Promise<Delivered> => {
    const bytes = Buffer.byteLength(body)
    if (bytes > MAX_ENVELOPE_BYTES)
      return Promise.resolve({ accepted: false, reason: `More than ${MAX_ENVELOPE_BYTES} bytes.`, refused: true })
    const full = open.get(queue)
    if (full && full.bytes + bytes > MAX_BYTES) void sendNow(queue)
    return new Promise((settle) => {
      const batch = open.get(queue) ?? {
        waiting: [],
        bytes: 0,
        timer: setTimeout(() => void sendNow(queue), lingerMs),
      }
      open.set(queue, batch)
      batch.waiting.push({ body, settle })
      batch.bytes += bytes
      if (batch.waiting.length >= FULL) void sendNow(queue)
    })
  }
}
