import { type MemoryUnitOfWork, type MemoryWrite, memoryOf } from '#bus/memory/store.ts'
import type { BusStores } from '#services/kit/runtime.ts'

/** Stores whose units of work are changed before a handler sees them. */
const withUnits = (stores: BusStores, change: (unit: MemoryUnitOfWork) => void): BusStores => ({
  ...stores,
  store: {
    ...stores.store,
    begin: (now, origin) => {
      const tx = stores.store.begin(now, origin)
      change(memoryOf(tx))
      return tx
    },
  },
})

/** Stores in which the writes of that name go through another one, or nowhere. */
export const withWrites = (
  stores: BusStores,
  name: string,
  change: (write: MemoryWrite) => MemoryWrite | undefined,
): BusStores =>
  withUnits(stores, (unit) => {
    const changing = (write: (write: MemoryWrite) => void) => (registered: MemoryWrite) => {
      const changed = registered.name === name ? change(registered) : registered
      if (changed) write(changed)
    }
    unit.write = changing(unit.write.bind(unit))
    unit.writeFirst = changing(unit.writeFirst.bind(unit))
  })

/** Whatever was read before, it is written over what stands now. */
export const unchecked = (write: MemoryWrite): MemoryWrite => ({ ...write, check: () => true })
