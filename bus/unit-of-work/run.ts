import type { Clock } from '#domain/kernel/clock.ts'
import { ConcurrentChange } from '../cqrs/errors.ts'
import { refusalAfterCommit } from './refuse-after-commit.ts'
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
    try {
      const result = await work(tx)
      await store.flush(tx)
      return result
    } catch (error) {
      const failure = await settle(store, tx, error)
      if (!(failure instanceof FlushConflict)) throw failure
      if (run === MAX_RUNS) throw ConcurrentChange(failure.write)
    }
  }
}

/** What a failed run comes to: a refusal that keeps what was registered counts once that is flushed. */
const settle = async (store: Store, tx: OpenUnitOfWork, error: unknown): Promise<unknown> => {
  const refusal = refusalAfterCommit(error)
  if (!refusal) return error
  try {
    await store.flush(tx)
    return refusal
  } catch (flushError) {
    return flushError
  }
}
