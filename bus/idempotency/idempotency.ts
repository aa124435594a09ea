import type { DomainError } from '#domain/kernel/errors.ts'
import type { Actor } from '../cqrs/actor.ts'
import type { Command } from '../cqrs/definitions.ts'
import type { Origin, UnitOfWork } from '../unit-of-work/unit-of-work.ts'

/** One idempotency key while its request is being answered. */
export interface IdempotencyEntry {
  /** Present when the key has been answered: returns the stored output, or throws the stored refusal. */
  readonly stored: (() => unknown) | undefined
  /** Registers the answer in the unit of work, so that effect and record are one commit. */
  record(tx: UnitOfWork, output: unknown): void
  /** Stores a definite refusal as the answer. Throws `IdempotencyRace` when another request has answered meanwhile. */
  recordRefusal(error: DomainError, origin: Origin): Promise<void>
  /** Frees the key for the next request. */
  close(): void
}

/** The idempotency keys of one service, kept 24 hours per caller and operation. */
export interface IdempotencyRecords {
  /** Throws `IdempotencyKeyReused` when the key bore another input, `RequestInFlight` while it is being answered. */
  open(definition: Command, key: string, actor: Actor, input: unknown): Promise<IdempotencyEntry>
}
