import type { Delivered } from '../../transports/transport.ts'
import type { LaneQueues } from './queues.ts'

/** What SQS takes in one call; it is the sender's to split by bytes. */
const FULL = 10

interface Waiting {
  readonly body: string
  readonly settle: (delivered: Delivered) => void
}

/** Sends bodies one by one in batches: a full one at once, else what came within `lingerMs`. Never rejects. */
export const createBatchedSend = (queues: LaneQueues, lingerMs: number) => {
  const open = new Map<string, { readonly waiting: Waiting[]; readonly timer: NodeJS.Timeout }>()

  const sendNow = async (queue: string): Promise<void> => {
    const batch = open.get(queue)
    if (!batch) return
    open.delete(queue)
    clearTimeout(batch.timer)
    const bodies = batch.waiting.map(({ body }) => body)
    const results = await queues.send(queue, bodies)
    for (const [at, { settle }] of batch.waiting.entries())
      settle(results[at] ?? { accepted: false, reason: 'The queue returned no result.' })
  }

  return (queue: string, body: string): Promise<Delivered> =>
    new Promise((settle) => {
      const batch = open.get(queue) ?? { waiting: [], timer: setTimeout(() => void sendNow(queue), lingerMs) }
      open.set(queue, batch)
      batch.waiting.push({ body, settle })
      if (batch.waiting.length >= FULL) void sendNow(queue)
    })
}
