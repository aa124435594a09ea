import { describe, expect, test, vi } from 'vitest'
import { MINUTE } from '#domain/kernel/clock.ts'
import { createMemoryBusStores } from '../../memory/stores.ts'
import { on } from '../../messaging/handlers.ts'
import { createRelay } from '../../outbox/relay.ts'
import { createManualClock } from '../../testing/clock.ts'
import { ORIGIN } from '../../testing/fixture.ts'
import { createTestIds } from '../../testing/ids.ts'
import { createTestService, outgoing } from '../../testing/service.ts'
import { awsEndpoint, createTestClients, createTestTransport, quick, Tally, uniquePrefix } from './testing/emulator.ts'
import {
  brokenService,
  type Decide,
  disturbPolls,
  injectFaults,
  lostAnswer,
  partial,
  throttled,
} from './testing/faults.ts'

const wait = { timeout: 25_000, interval: 20 }
const KEYS = 40
const PER_KEY = 5

/** Every kind of fault, on four calls of five. */
const everything: Decide = (command, count) => {
  if (command === 'ReceiveMessageCommand') return count % 4 === 0 ? brokenService() : undefined
  if (!['PutEventsCommand', 'DeleteMessageBatchCommand', 'SendMessageBatchCommand'].includes(command)) return undefined
  return [throttled(), partial((at) => at % 3 === 0), lostAnswer(), brokenService(), undefined][count % 5]
}

describe.runIf(awsEndpoint)('from an outbox to a subscriber', () => {
  test('every event takes effect once, whatever happens to the calls in between', async () => {
    const clock = createManualClock()
    const clients = createTestClients()
    await injectFaults(clients, everything)
    let polled = 0
    // One message of seven twice, one of five late and so behind others.
    await disturbPolls(clients, () => {
      const copies = ++polled % 7 === 0 ? 2 : 1
      return polled % 5 === 0 ? { copies, delay: Promise.resolve() } : { copies }
    })
    const transport = createTestTransport({ clients, prefix: uniquePrefix(), maxAttempts: 12, consumer: quick })

    const stores = createMemoryBusStores({ service: 'tally', ids: createTestIds(), clock })
    const tx = stores.store.begin(clock.now(), ORIGIN)
    const keys = Array.from({ length: KEYS }, (_, n) => `key-${n}`)
    for (let n = 1; n <= PER_KEY; n++) for (const key of keys) tx.publish(Tally.Counted, { n }, key)
    await stores.store.flush(tx)

    // Says again what it heard, in the transaction that its inbox row is written in.
    const heard = on(Tally.Counted, {}, async ({ data, tx: own, messageId }) =>
      own.publish(Tally.Reset, data, messageId),
    )
    const shop = createTestService({ service: 'shop', clock, subscribers: { heard } })
    transport.connect('shop', shop.dispatcher.subscriptions, shop.dispatcher.receive)

    const relay = createRelay({ service: 'tally', outbox: stores.outbox, transport, clock, random: () => 0.5 })
    while (stores.state.outbox.length > 0) {
      await relay.sweep()
      clock.advance(MINUTE)
    }
    await vi.waitFor(() => expect(outgoing(shop)).toHaveLength(KEYS * PER_KEY), wait)
    await transport.close()
    expect(new Set(outgoing(shop).map(({ subject }) => subject)).size).toBe(KEYS * PER_KEY)
    expect(shop.stores.state.deadLetters.size).toBe(0)
    expect(shop.told.some((line) => line.includes('suppressed a duplicate'))).toBe(true)
  })

  test('poison ends as a dead letter with its reason, after as many attempts as the transport says', async () => {
    const clock = createManualClock()
    const transport = createTestTransport({ maxAttempts: 3 })
    const heard = on(Tally.Counted, {}, async ({ data }) => {
      if (data.n === 2) throw new Error('poison')
    })
    const shop = createTestService({ service: 'shop', clock, subscribers: { heard } })
    transport.connect('shop', shop.dispatcher.subscriptions, shop.dispatcher.receive)
    const stores = createMemoryBusStores({ service: 'tally', ids: createTestIds(), clock })
    const tx = stores.store.begin(clock.now(), ORIGIN)
    for (const n of [1, 2, 3]) tx.publish(Tally.Counted, { n }, `key-${n}`)
    await stores.store.flush(tx)
    await createRelay({ service: 'tally', outbox: stores.outbox, transport, clock, random: () => 0.5 }).sweep()
    await vi.waitFor(() => expect(shop.told).toHaveLength(5), wait)
    await transport.close()
    expect(shop.told.toSorted()).toEqual([
      'shop/heard failed for good: Error: poison',
      'shop/heard failed: Error: poison',
      'shop/heard failed: Error: poison',
      'shop/heard handled tally.counted',
      'shop/heard handled tally.counted',
    ])
    expect([...shop.stores.state.deadLetters.values()]).toMatchObject([
      { consumer: 'shop/heard', key: 'key-2', reason: 'Error: poison' },
    ])
  })
})
