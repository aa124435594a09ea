import type { Receive } from '../transport.ts'
import type { Claims } from './claims.ts'
import type { QueueMessage } from './consumer.ts'
import { unpack } from './packing.ts'

export interface RecordHandlerOptions {
  readonly receive: Receive
  readonly claims: Claims
  readonly maxAttempts: number
}

/**
 * Takes one record of a queue in, whoever brought it, a poll or Lambda: claims are redeemed and packs are opened.
 * Rejects when any message in it must come again; the whole record does then, and the inboxes absorb the rest.
 */
export const createRecordHandler = ({ receive, claims, maxAttempts }: RecordHandlerOptions) => {
  const receiveOne = async (body: string, attempt: number): Promise<void> =>
    receive({ body: await claims.redeem(body), attempt, lastAttempt: attempt >= maxAttempts })

  return async ({ body, attempt }: QueueMessage): Promise<void> => {
    const packed = unpack(body)
    if (!packed) return receiveOne(body, attempt)
    const failures = new Map<string, unknown>()
    for (const { key, body: inner } of packed) {
      // What comes after a failure under its key waits for the next time, so that order is kept.
      if (failures.has(key)) continue
      try {
        await receiveOne(inner, attempt)
      } catch (error) {
        failures.set(key, error)
      }
    }
    if (failures.size > 0) throw new Error([...failures.values()].map(String).join('; '))
  }
}
