import type { Instant } from '#domain/kernel/clock.ts'

/** A key whose oldest message could not be delivered. */
export interface HeldKey {
  readonly key: string
  /** How often delivery has failed. */
  readonly attempts: number
  /** When it is tried again. */
  readonly until: Instant
  readonly reason: string
}

/** One process that relays, by the shards that it holds. */
export interface RelayHolder {
  /** Tells it from the others: the number of its session with the store. */
  readonly session: number
  readonly shards: number
}

/** A reply slot that was leased at least once. */
export interface SlotLease {
  readonly slot: number
  /** How often it was leased. */
  readonly epoch: number
  /** The end of its lease; in the past where nobody holds it. */
  readonly until: Instant
}

/** Where the messages of one service stand, for those who operate it. */
export interface BusInspection {
  /** Messages that wait in the outbox, the instant the oldest was written, and how many keys are held back. */
  backlog(): Promise<{ readonly rows: number; readonly oldest: Instant | undefined; readonly heldKeys: number }>
  /** Keys held back, those that failed most often first. */
  heldKeys(limit: number): Promise<readonly HeldKey[]>
  /** Who holds shards now, most first. */
  relays(): Promise<readonly RelayHolder[]>
  /** In order of `slot`. */
  replySlots(): Promise<readonly SlotLease[]>
}
