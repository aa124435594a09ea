import { systemClock } from '#domain/kernel/clock.ts'
import { Payments } from '../../../patterns/payment.ts'
import { createTestIds } from '../../../testing/ids.ts'
import { createRequester } from '../../requester.ts'
import { ASKED, createCashier } from '../../testing/cashier.ts'
import { openOnSqs } from './on-sqs.ts'

export const REQUESTS = 1_000
/** A thousand at once would take a busy machine longer than the five seconds that each has. */
const WAVE = 200

/** The AWS calls, by name, that carry so many requests and their replies between two containers. */
export const callsForRequests = async (): Promise<Readonly<Record<string, number>>> => {
  const sqs = await openOnSqs(createCashier().dispatcher.respond, { waitSeconds: 20 })
  try {
    const { request } = createRequester({
      service: 'learning',
      lane: sqs.lane,
      clock: systemClock,
      ids: createTestIds(),
    })
    const origin = { correlationId: 'cor_1' }
    const refund = { ...ASKED, reason: 'requested_by_payer', actionId: 'a' } as const
    for (let wave = 0; wave < REQUESTS / WAVE; wave++)
      await Promise.all(Array.from({ length: WAVE }, () => request(Payments.RefundPayment, refund, { origin })))
  } finally {
    await sqs.close()
  }
  // Asked for once in the life of a process, however much goes through the queues.
  sqs.calls.delete('GetQueueUrlCommand')
  return Object.fromEntries(sqs.calls)
}
