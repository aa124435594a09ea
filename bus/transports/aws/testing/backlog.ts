import { setImmediate, setTimeout as pause } from 'node:timers/promises'
import { incoming } from '../../../testing/envelopes.ts'
import type { Outgoing } from '../../transport.ts'
import { provision, removeProvisioned } from '../provision.ts'
import { topologyOf } from '../topology.ts'
import { createAwsTransport } from '../transport.ts'
import { countCalls } from './counting.ts'
import { createTestClients, Tally, uniquePrefix } from './emulator.ts'

/** Messages that lie in the queue before anybody takes one. */
export const BACKLOG = 1_000

const PATIENCE_MS = 25_000

const messageOf = (id: string, route: string, type: string): Outgoing => ({
  key: id,
  route,
  type,
  body: incoming({ messagekind: 'event', type, id, subject: id, data: { n: 1 } }).body,
  attempt: 1,
})

/**
 * The AWS calls, by name, that carry a deep backlog to one subscriber, from the first message sent to the last deleted.
 * @param route `events`, or `shop` for commands to it
 * @param records how many entries of the queue the messages become
 */
export const callsForBacklog = async (
  route: 'events' | 'shop',
  type: string,
  records: number,
): Promise<Readonly<Record<string, number>>> => {
  const prefix = uniquePrefix()
  const subscriptions = [Tally.Counted.type, Tally.Ticked.type]
  const topology = topologyOf([{ service: 'shop', subscriptions }], { prefix, patterns: [Tally], replySlots: 0 })
  const clients = createTestClients()
  await provision(clients, topology)
  const calls = await countCalls(clients)
  const transport = createAwsTransport({ clients, prefix, patterns: [Tally], random: () => 0.5 })
  try {
    const { maxBatch } = transport.capabilities
    for (let at = 0; at < BACKLOG; at += maxBatch) {
      const portion = Array.from({ length: maxBatch }, (_, n) => messageOf(`m${at + n}`, route, type))
      const results = await transport.deliver(portion)
      if (!results.every(({ accepted }) => accepted)) throw new Error('Not every message was accepted.')
    }
    const arrived = new Set<string>()
    transport.connect('shop', subscriptions, async ({ body }) => {
      await setImmediate()
      arrived.add(body)
    })
    const isDone = () => arrived.size === BACKLOG && calls.get('DeleteMessageBatchCommand') === records / 10
    for (const startMs = performance.now(); !isDone(); await pause(20))
      if (performance.now() - startMs > PATIENCE_MS) throw new Error(`${arrived.size} of ${BACKLOG} have arrived.`)
    // Asked for once in the life of a process, however much goes through the queue.
    calls.delete('GetQueueUrlCommand')
    return Object.fromEntries(calls)
  } finally {
    await transport.close()
    await removeProvisioned(clients, topology)
    clients.close()
  }
}
