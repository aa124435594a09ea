import { describe, expect, test } from 'vitest'
import { SHARDS } from '../outbox/shard.ts'
import { createManualClock } from '../testing/clock.ts'
import { Counted, ORIGIN, SERVICE } from '../testing/fixture.ts'
import { createTestIds } from '../testing/ids.ts'
import { memoryOf } from './store.ts'
import { createMemoryBusStores } from './stores.ts'

const clock = createManualClock()
const process = (state?: ReturnType<typeof createMemoryBusStores>['state']) =>
  createMemoryBusStores({ service: SERVICE, ids: createTestIds(), clock, ...(state && { state }) })

const publishing = ({ store }: ReturnType<typeof process>) => {
  const tx = store.begin(clock.now(), ORIGIN)
  tx.publish(Counted, { n: 1 }, 'a')
  return store.flush(tx)
}

/** True when nothing comes of `work`, however many turns it is given. */
const hangs = async (work: Promise<unknown>): Promise<boolean> => {
  let settled = false
  const settle = () => {
    settled = true
  }
  work.then(settle, settle)
  for (let turn = 0; turn < 100; turn++) await Promise.resolve()
  return !settled
}

describe('a process that was killed', () => {
  test('leaves its state to the next one', async () => {
    const first = process()
    await publishing(first)
    await first.outbox.claim()
    first.kill()
    const second = process(first.state)
    expect(await second.outbox.claim()).toBe(SHARDS)
    expect(await second.outbox.take(10, clock.now())).toMatchObject([{ seq: 1, key: 'a' }])
  })

  test('neither reads nor writes any more, and nothing that it began returns', async () => {
    const first = process()
    await first.outbox.claim()
    first.kill()
    expect(await hangs(publishing(first))).toBe(true)
    expect(await hangs(first.outbox.take(10, clock.now()))).toBe(true)
    expect(await hangs(first.sagas.due(clock.now(), 10))).toBe(true)
    expect(first.state.outbox).toEqual([])
  })
})

test('a unit of work of another store is refused', () => {
  const { store } = process()
  const tx = store.begin(clock.now(), ORIGIN)
  expect(memoryOf(tx)).toBe(tx)
  const { now, origin, raise, publish, send } = tx
  expect(() => memoryOf({ now, origin, raise, publish, send })).toThrow('This unit of work belongs to another store.')
})
