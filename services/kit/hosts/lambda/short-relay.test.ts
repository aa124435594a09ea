import { beforeEach, describe, expect, test } from 'vitest'
import { createRelay } from '#bus/outbox/relay.ts'
import { SHARDS } from '#bus/outbox/shard.ts'
import { memoryFixture } from '#bus/memory/testing/fixture.ts'
import { countUp } from '#bus/testing/counting.ts'
import { createManualClock } from '#bus/testing/clock.ts'
import { Counted, SERVICE, type TestProcess } from '#bus/testing/fixture.ts'
import { createMemoryTransport } from '#bus/transports/memory/memory.ts'
import { createShortRelay } from './short-relay.ts'

const LONG_MS = 10_000
const inMs = (ms: number): number => performance.now() + ms

describe('a relay that runs while an event is handled', () => {
  const clock = createManualClock()
  let own: TestProcess
  let other: TestProcess
  let arrived = 0
  let relay: (untilMs: number) => Promise<void>
  beforeEach(async () => {
    const { start } = await memoryFixture(clock)
    ;[own, other] = [start(), start()]
    arrived = 0
    const transport = createMemoryTransport()
    transport.connect('listener', [Counted.type], async () => {
      arrived++
    })
    const { outbox } = own
    const { sweep } = createRelay({ service: SERVICE, outbox, transport, clock, random: () => 0.5, batch: 2 })
    relay = createShortRelay({ outbox, sweep, random: () => 0.5 })
  })
  const count = (...ids: string[]) => Promise.all(ids.map((id) => countUp(own, clock, id)))

  test('carries everything and keeps no shard', async () => {
    await count('a', 'b', 'c', 'd', 'e')
    await relay(inMs(LONG_MS))
    expect([arrived, await other.outbox.claim()]).toEqual([5, SHARDS])
  })

  test('waits for shards that another holds', async () => {
    await other.outbox.claim()
    await count('a')
    const relayed = relay(inMs(LONG_MS))
    await other.outbox.letGo()
    await relayed
    expect(arrived).toBe(1)
  })

  test('is done when another has taken its messages along', async () => {
    await other.outbox.claim()
    await count('a')
    const relayed = relay(inMs(LONG_MS))
    const rows = await other.outbox.take(10, clock.now())
    await other.outbox.accept(
      rows.map(({ seq }) => seq),
      [],
    )
    await relayed
    expect([rows.length, arrived]).toEqual([1, 0])
  })

  test('waits no longer than it may, and leaves the message to the next one', async () => {
    await other.outbox.claim()
    await count('a')
    await relay(inMs(30))
    expect([arrived, (await own.outbox.backlog()).rows]).toEqual([0, 1])
  })

  test('does not wait for a key that is held back', async () => {
    await count('a', 'b')
    await own.outbox.hold('a', 1, '2999-01-01T00:00:00.000Z', 'no answer')
    await relay(inMs(LONG_MS))
    expect([arrived, (await own.outbox.backlog()).rows]).toEqual([1, 1])
  })
})
