import type { Clock } from '#domain/kernel/clock.ts'
import { ConcurrentChange } from '../cqrs/errors.ts'
import { decisionOf } from './refuse-after-commit.ts'
import type { Store } from './store.ts'
import { FlushConflict, type OpenUnitOfWork, type Origin } from './unit-of-work.ts'

/** How often a unit of work is run against a state that keeps changing under it. */
const MAX_RUNS = 20

/**
 * Runs `work`, then flushes what it registered. A conflict runs it again on fresh state, so that a rule decides
 * (`RunFull`), not a race. Throws `ConcurrentChange` when every run met a conflict.
 */
export const runInUnitOfWork = async <T>(
  store: Store,
  clock: Clock,
  origin: Origin,
  work: (tx: OpenUnitOfWork) => Promise<T>,
): Promise<T> => {
  for (let run = 1; ; run++) {
    const tx = store.begin(clock.now(), origin)
    const decide = await decisionOf(work(tx))
    try {
      await store.flush(tx)
    } catch (error) {
      if (!(error instanceof FlushConflict)) throw error
      if (run === MAX_RUNS) throw ConcurrentChange(error.write)
      continue
    }
    return decide()
  }
}
