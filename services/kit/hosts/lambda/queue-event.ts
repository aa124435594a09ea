import { z } from 'zod'

/** A batch of SQS as Lambda hands it over. */
const QueueEvent = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      attributes: z.object({ ApproximateReceiveCount: z.coerce.number().int().positive() }),
    }),
  ),
})

/** What must come again (`ReportBatchItemFailures`); everything else of the batch is deleted. */
export interface QueueResult {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[]
}

export interface QueueBatchOptions {
  /** Takes one record in; rejects when it must come again. */
  readonly handle: (record: { readonly body: string; readonly attempt: number }) => Promise<void>
  readonly onFailure: (messageId: string, error: unknown) => void
  /** Records handled at once: no more than there are connections for. */
  readonly concurrency: number
}

/**
 * Handles the records of a batch. Those that fail come again, and so do those that are not done when the time is over:
 * a function that is ended by its timeout would bring the whole batch again.
 */
export const createQueueBatch =
  ({ handle, onFailure, concurrency }: QueueBatchOptions) =>
  async (event: unknown, leftMs: number): Promise<QueueResult> => {
    const { Records: records } = QueueEvent.parse(event)
    const unfinished = new Set(records.map(({ messageId }) => messageId))
    const waiting = [...records]
    let over = false

    const work = async (): Promise<void> => {
      for (let record = waiting.shift(); record && !over; record = waiting.shift()) {
        const { messageId, body, attributes } = record
        try {
          await handle({ body, attempt: attributes.ApproximateReceiveCount })
          unfinished.delete(messageId)
        } catch (error) {
          onFailure(messageId, error)
        }
      }
    }

    const { promise: timeIsOver, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, leftMs)
    await Promise.race([Promise.all(Array.from({ length: concurrency }, work)), timeIsOver])
    clearTimeout(timer)
    over = true
    return { batchItemFailures: [...unfinished].map((itemIdentifier) => ({ itemIdentifier })) }
  }
