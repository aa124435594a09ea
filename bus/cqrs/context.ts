import type { Instant } from '#domain/kernel/clock.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts'
import type { Actor } from './actor.ts'

/** What a query handler is given. */
export interface QueryContext<In> {
  readonly input: In
  readonly actor: Actor
  readonly now: Instant
}

/** What a command handler is given: `tx` takes every write and is flushed once when the handler returns. */
export interface CommandContext<In> extends QueryContext<In> {
  readonly tx: UnitOfWork
  readonly ids: Ids
}
