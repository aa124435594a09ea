import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { AggregateRoot } from '#domain/kernel/aggregate-root.ts'
import { event } from '#domain/kernel/event.ts'
import { message } from '#domain/kernel/message.ts'
import { decodeEnvelope, MAX_ENVELOPE_BYTES } from '../envelope.ts'
import { createMemoryBusStores } from '../memory/stores.ts'
import { Payments } from '../patterns/payment.ts'
import { createManualClock } from '../testing/clock.ts'
import { Counted, ORIGIN, SERVICE } from '../testing/fixture.ts'
import { createTestIds } from '../testing/ids.ts'
import { openOf } from './outgoing.ts'
import type { UnitOfWork } from './unit-of-work.ts'

class Counter extends AggregateRoot<{ readonly id: string; readonly n: number }> {
  static at(n: number): Counter {
    return new Counter({ id: 'counter-1', n }, n)
  }

  count(): void {
    this.become({ ...this.current, n: this.current.n + 1 })
    this.apply(Counted, { n: this.current.n })
  }
}

const clock = createManualClock()

/** The envelopes and routes of what `work` registers. */
const leaving = async (work: (tx: UnitOfWork) => void) => {
  const { store, state } = createMemoryBusStores({ service: SERVICE, ids: createTestIds(), clock })
  const tx = store.begin(clock.now(), ORIGIN)
  work(tx)
  await store.flush(tx)
  return state.outbox.map(({ route, key, envelope }) => ({ route, key, ...decodeEnvelope(envelope) }))
}

describe('what leaves with a unit of work', () => {
  test('is the events of an aggregate, under its id and the version that they lead to', async () => {
    const counter = Counter.at(4)
    counter.count()
    counter.count()
    expect(await leaving((tx) => tx.raise(counter))).toMatchObject([
      { route: 'events', key: 'counter-1', aggregateversion: 5, data: { n: 5 } },
      { route: 'events', key: 'counter-1', aggregateversion: 5, data: { n: 6 } },
    ])
  })

  test('is each message to the service that answers it', async () => {
    const input = { paymentId: 'pay_01890000-0000-7000-8000-000000000001' } as const
    const key = { key: 'a', idempotencyKey: 'key-1' }
    expect(await leaving((tx) => tx.send(Payments.CreateIntent, input, key))).toMatchObject([
      { route: 'payment', messagekind: 'request', idempotencykey: 'key-1', source: 'edtech.tally', data: input },
    ])
  })

  test('is never larger than a transport takes: it would be committed and could not leave', async () => {
    const Wordy = event('tally.wordy', { version: 1, data: z.object({ text: z.string() }) })
    const { store, state } = createMemoryBusStores({ service: SERVICE, ids: createTestIds(), clock })
    const tx = store.begin(clock.now(), ORIGIN)
    tx.publish(Wordy, { text: 'ü'.repeat(MAX_ENVELOPE_BYTES / 2) }, 'a')
    await expect(store.flush(tx)).rejects.toThrow('"tally.wordy" takes more than 1048576 bytes.')
    expect(state.outbox).toEqual([])
  })

  test('has an id for every message', async () => {
    const envelopes = await leaving((tx) => {
      for (let n = 0; n < 5; n++) tx.publish(Counted, { n }, 'a')
    })
    expect(new Set(envelopes.map(({ id }) => id)).size).toBe(5)
  })

  test('is never a secret', async () => {
    const SetPassword = message('user.set_password', {
      input: z.object({ password: z.string() }),
      output: z.object({}),
      sensitive: true,
    })
    const key = { key: 'a', idempotencyKey: 'key-1' }
    await expect(leaving((tx) => tx.send(SetPassword, { password: 'x' }, key))).rejects.toThrow(
      '"user.set_password" is sensitive and never enters a queue.',
    )
  })

  test('is nothing that no service answers', async () => {
    const Nowhere = message('nowhere.go', { input: z.object({}), output: z.object({}) })
    const key = { key: 'a', idempotencyKey: 'key-1' }
    await expect(leaving((tx) => tx.send(Nowhere, {}, key))).rejects.toThrow('No service answers "nowhere.go".')
  })
})

test('only what a store of the bus has made is a unit of work', () => {
  const { raise, publish, send } = createMemoryBusStores({ service: SERVICE, ids: createTestIds(), clock }).store.begin(
    clock.now(),
    ORIGIN,
  )
  expect(() => openOf({ now: clock.now(), origin: ORIGIN, raise, publish, send })).toThrow('was not made by a store')
})
