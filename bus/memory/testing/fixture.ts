import { createTestIds } from '../../testing/ids.ts'
import { type Counters, type MakeFixture, SERVICE, SLOTS } from '../../testing/fixture.ts'
import { createMemoryReplySlots } from '../reply-slots.ts'
import { createMemoryState } from '../state.ts'
import { memoryOf } from '../store.ts'
import { createMemoryBusStores } from '../stores.ts'

const createCounters = (): Counters => {
  const versions = new Map<string, number>()
  return {
    version: async (id) => versions.get(id) ?? 0,
    save: (tx, id, version) =>
      memoryOf(tx).write({
        name: 'counter',
        check: () => (versions.get(id) ?? 0) === version,
        apply: () => versions.set(id, version + 1),
      }),
  }
}

/** Stores in memory for the contract suites. */
export const memoryFixture: MakeFixture = async (clock) => {
  const [state, ids, counters] = [createMemoryState(), createTestIds(), createCounters()]
  const replySlots = createMemoryReplySlots(SLOTS)
  return {
    start: () => {
      const stores = createMemoryBusStores({ service: SERVICE, ids, clock, state })
      return { ...stores, counters, replySlots, kill: async () => stores.kill() }
    },
    end: async () => undefined,
  }
}
