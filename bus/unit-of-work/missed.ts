import { DuplicateMessage, FlushConflict, IdempotencyRace } from './unit-of-work.ts'

/** Names of the writes that the bus itself registers. */
export const INBOX = 'inbox'
export const IDEMPOTENCY = 'idempotency'

/** What a flush throws for the registered write that missed. */
export const missed = (write: string): Error => {
  if (write === INBOX) return new DuplicateMessage('This message has taken effect before.')
  if (write === IDEMPOTENCY) return new IdempotencyRace('This idempotency key has just been answered.')
  return new FlushConflict(write)
}
