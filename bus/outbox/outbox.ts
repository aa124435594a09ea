import type { Instant } from '#domain/kernel/clock.ts'

/** A message in the outbox. */
export interface OutboxRow {
  readonly seq: number
  readonly key: string
  /** `events`, or the service that the message goes to. */
  readonly route: string
  readonly type: string
  readonly envelope: string
  /** How often delivery of this key's oldest message has failed. */
  readonly attempts: number
}

/** The outbox of one service, as the relay sees it. */
export interface Outbox {
  /** Takes the shards that no other relay holds; returns how many are held now. */
  claim(): Promise<number>
  /**
   * Says between deliveries that this relay is alive: the shards of one that is silent fall to another. False when they
   * have, and what is left of the rows that were taken is the other's.
   */
  stillHolds(): Promise<boolean>
  /** The oldest rows of the held shards whose key is not held back, in order of `seq`. */
  take(limit: number, now: Instant): Promise<readonly OutboxRow[]>
  /** Deletes what was accepted, and ends the holding back of the given keys. */
  accept(seqs: readonly number[], releasedKeys: readonly string[]): Promise<void>
  /** Holds a key back until then; its rows stay in order behind it. */
  hold(key: string, attempts: number, until: Instant, reason: string): Promise<void>
  /** Rows waiting and the instant the oldest was written. */
  backlog(): Promise<{ readonly rows: number; readonly oldest: Instant | undefined; readonly heldKeys: number }>
  /** Gives the shards back between two claims: a process that may be stopped in between must not keep them. */
  letGo(): Promise<void>
  /** Gives the shards back for good. */
  release(): Promise<void>
}
