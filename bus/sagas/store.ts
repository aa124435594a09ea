import type { Instant } from '#domain/kernel/clock.ts'
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts'
import type { JournalEntry, SagaInstance } from './instance.ts'

/** A step to store: the instance at its next version, and its journal line. */
export interface SagaWrite {
  readonly instance: SagaInstance
  /** The version that was loaded; 0 for a new instance. */
  readonly version: number
  readonly entry: JournalEntry
}

/** A timer whose instant has come. */
export interface DueTimer {
  readonly type: string
  readonly key: string
  readonly name: string
  /** The span that armed it, where that was traced. */
  readonly traceparent?: string | undefined
}

/** The timers of one instance whose instant has come, for stores. */
export const dueTimers = (
  { type, key, timers, armedIn }: Pick<SagaInstance, 'type' | 'key' | 'timers' | 'armedIn'>,
  now: Instant,
): DueTimer[] =>
  Object.entries(timers)
    .filter(([, at]) => at <= now)
    .map(([name]) => ({ type, key, name, traceparent: armedIn?.[name] }))

/** A line of the listing. */
export interface SagaSummary {
  readonly type: string
  readonly key: string
  readonly status: SagaInstance['status']
  readonly step: string
  readonly startedAt: Instant
  readonly updatedAt: Instant
}

export interface SagaFilter {
  readonly type?: string | undefined
  readonly status?: SagaInstance['status'] | undefined
  /** Only those that have not moved since. */
  readonly updatedBefore?: Instant | undefined
  readonly after?: { readonly updatedAt: Instant; readonly type: string; readonly key: string } | undefined
  readonly limit: number
}

/** The sagas of one service. Timers are part of the instance, so that its version check also settles who fires one. */
export interface SagaStore {
  load(type: string, key: string): Promise<{ readonly instance: SagaInstance; readonly version: number } | undefined>
  save(tx: UnitOfWork, write: SagaWrite): void
  /** Timers due at `now`, the longest overdue first. */
  due(now: Instant, limit: number): Promise<readonly DueTimer[]>
  /** Most recently moved first. */
  list(filter: SagaFilter): Promise<readonly SagaSummary[]>
  journal(type: string, key: string): Promise<readonly JournalEntry[]>
  /** Removes ended instances that have not moved since, with their journals. */
  prune(before: Instant): Promise<number>
}
