import { setImmediate } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { incoming } from '../../testing/envelopes.ts'
import type { Outgoing } from '../transport.ts'
import { provision, removeProvisioned } from './provision.ts'
import { countCalls } from './testing/counting.ts'
import { awsEndpoint, createTestClients, Tally, uniquePrefix } from './testing/emulator.ts'
import { topologyOf } from './topology.ts'
import { createAwsTransport } from './transport.ts'

const MESSAGES = 1_000
const wait = { timeout: 25_000, interval: 20 }

const messageOf = (id: string, route: string, type: string): Outgoing => ({
  key: id,
  route,
  type,
  body: incoming({ messagekind: 'event', type, id, subject: id, data: { n: 1 } }).body,
  attempt: 1,
})

describe.runIf(awsEndpoint)('AWS calls that carry 1,000 messages through a deep backlog', () => {
  let end: () => Promise<void> = () => Promise.resolve()
  afterEach(() => end())

  /** What is answered from the first message sent to the last one deleted. */
  const callsFor = async (route: string, type: string, records: number) => {
    const prefix = uniquePrefix()
    const subscriptions = [Tally.Counted.type, Tally.Ticked.type]
    const topology = topologyOf([{ service: 'shop', subscriptions }], { prefix, patterns: [Tally], replySlots: 0 })
    const clients = createTestClients()
    await provision(clients, topology)
    const calls = await countCalls(clients)
    const transport = createAwsTransport({ clients, prefix, patterns: [Tally], random: () => 0.5 })
    end = async () => {
      await transport.close()
      await removeProvisioned(clients, topology)
      clients.close()
    }
    const { maxBatch } = transport.capabilities
    for (let at = 0; at < MESSAGES; at += maxBatch) {
      const portion = Array.from({ length: maxBatch }, (_, n) => messageOf(`m${at + n}`, route, type))
      expect((await transport.deliver(portion)).every(({ accepted }) => accepted)).toBe(true)
    }
    const arrived = new Set<string>()
    transport.connect('shop', subscriptions, async ({ body }) => {
      await setImmediate()
      arrived.add(body)
    })
    const deletes = () => calls.get('DeleteMessageBatchCommand') ?? 0
    await vi.waitFor(() => expect([arrived.size, deletes()]).toEqual([MESSAGES, records / 10]), wait)
    // Asked for once in the life of a process, however much goes through the queue.
    calls.delete('GetQueueUrlCommand')
    return Object.fromEntries(calls)
  }

  test('are three for ten events', async () => {
    expect(await callsFor('events', Tally.Counted.type, MESSAGES)).toEqual({
      PutEventsCommand: 100,
      ReceiveMessageCommand: 100,
      DeleteMessageBatchCommand: 100,
    })
  })

  test('are three for ten commands', async () => {
    expect(await callsFor('shop', Tally.Counted.type, MESSAGES)).toEqual({
      SendMessageBatchCommand: 100,
      ReceiveMessageCommand: 100,
      DeleteMessageBatchCommand: 100,
    })
  })

  test('are twenty in all for facts of a packed contract', async () => {
    expect(await callsFor('events', Tally.Ticked.type, MESSAGES / 20)).toEqual({
      PutEventsCommand: 10,
      ReceiveMessageCommand: 5,
      DeleteMessageBatchCommand: 5,
    })
  })
})
