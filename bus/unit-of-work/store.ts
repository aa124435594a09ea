import type { Instant } from '#domain/kernel/clock.ts'
import type { OpenUnitOfWork, Origin } from './unit-of-work.ts'

/** Where a service keeps its state: PostgreSQL, or memory in the simulation. */
export interface Store {
  begin(now: Instant, origin: Origin): OpenUnitOfWork
  /**
   * Writes everything that was registered, at once or not at all. Throws `FlushConflict`, `DuplicateMessage`,
   * `IdempotencyRace`, or `Unavailable` when the outcome is unknown or the store is out of reach.
   */
  flush(tx: OpenUnitOfWork): Promise<void>
  /** Calls back after each commit that left rows in the outbox; the relay listens. */
  onCommit(listener: () => void): void
}
