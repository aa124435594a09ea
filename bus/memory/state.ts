import type { Instant } from '#domain/kernel/clock.ts'
import type { DeadLetter } from '../dead-letters/dead-letters.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import type { JournalEntry, SagaInstance } from '../sagas/instance.ts'
import type { Session } from './session.ts'

export interface StoredRow extends Omit<OutboxRow, 'attempts'> {
  readonly shard: number
  readonly writtenAt: Instant
}

interface HeldKey {
  readonly attempts: number
  readonly until: Instant
  readonly reason: string
}

interface StoredAnswer {
  readonly fingerprint: string
  readonly answer: string
  readonly createdAt: Instant
}

interface StoredSaga {
  readonly version: number
  readonly instance: SagaInstance
  readonly journal: readonly JournalEntry[]
}

/** What one service has stored: all that is left of its process after a crash. */
export interface MemoryState {
  /** The `seq` of the row that was written last. */
  lastSeq: number
  /** In order of `seq`. */
  outbox: StoredRow[]
  /** Every row that was ever committed, delivered or not: what a simulation holds the deliveries against. */
  readonly written: StoredRow[]
  readonly heldKeys: Map<string, HeldKey>
  /** Which session relays a shard. */
  readonly shards: Map<number, Session>
  readonly inbox: Map<string, { readonly reply: string | null; readonly receivedAt: Instant }>
  readonly answers: Map<string, StoredAnswer>
  readonly deadLetters: Map<string, DeadLetter>
  readonly sagas: Map<string, StoredSaga>
}

/** The state of a service that has never run. */
export const createMemoryState = (): MemoryState => ({
  lastSeq: 0,
  outbox: [],
  written: [],
  heldKeys: new Map(),
  shards: new Map(),
  inbox: new Map(),
  answers: new Map(),
  deadLetters: new Map(),
  sagas: new Map(),
})

/** The key of a row with two columns as its primary key. */
export const pairOf = (first: string, second: string): string => JSON.stringify([first, second])

/** Removes the rows that `gone` picks; returns how many. */
export const removeWhere = <T>(rows: Map<string, T>, gone: (row: T) => boolean): number => {
  const keys = [...rows].filter(([, row]) => gone(row)).map(([key]) => key)
  for (const key of keys) rows.delete(key)
  return keys.length
}
