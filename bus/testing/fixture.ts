import { z } from 'zod'
import type { Clock } from '#domain/kernel/clock.ts'
import { event } from '#domain/kernel/event.ts'
import type { DeadLetters } from '../dead-letters/dead-letters.ts'
import type { IdempotencyRecords } from '../idempotency/idempotency.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { BusInspection } from '../inspection/inspection.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { ReplySlots } from '../request-reply/sqs-lane/reply-slots.ts'
import type { SagaStore } from '../sagas/store.ts'
import type { Store } from '../unit-of-work/store.ts'
import type { Origin, UnitOfWork } from '../unit-of-work/unit-of-work.ts'

/** Rows of a service's own, saved under a version check as its repositories do. */
export interface Counters {
  /** The version stored; 0 where there is none. */
  version(id: string): Promise<number>
  /** Registers the next version after the one that was read. */
  save(tx: UnitOfWork, id: string, version: number): void
}

/** One process of the service under test. */
export interface TestProcess {
  readonly store: Store
  readonly outbox: Outbox
  readonly inbox: Inbox
  readonly idempotency: IdempotencyRecords & { prune(before: string): Promise<number> }
  readonly deadLetters: DeadLetters
  readonly sagas: SagaStore
  readonly replySlots: ReplySlots
  readonly inspection: BusInspection
  readonly counters: Counters
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>
}

/** Empty stores of one service, and as many processes on them as a test needs. */
export interface BusFixture {
  start(): TestProcess
  end(): Promise<void>
}

export type MakeFixture = (clock: Clock) => Promise<BusFixture>

/** The service whose stores are tested. */
export const SERVICE = 'tally'

/** Its reply slots. */
export const SLOTS = 2

/** Told by every save of a counter. */
export const Counted = event('tally.counted', { version: 1, data: z.object({ n: z.int() }) })

export const ORIGIN: Origin = { correlationId: 'cor_1' }
