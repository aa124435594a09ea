import type { AggregateRoot } from '#domain/kernel/aggregate-root.ts'
import type { Instant } from '#domain/kernel/clock.ts'
import { DomainError } from '#domain/kernel/errors.ts'
import type { EventDefinition } from '#domain/kernel/event.ts'
import type { MessageDefinition } from '#domain/kernel/message.ts'
import { ConcurrentChange } from '../cqrs/errors.ts'

/** Where a piece of work comes from; copied into every envelope that it writes. */
export interface Origin {
  readonly correlationId: string
  readonly causationId?: string | undefined
  /** W3C: the span that this work runs in; consumers of what it writes continue from there. */
  readonly traceparent?: string | undefined
  /** The instant by which the work must be answered; what it asks of others inherits what is left. */
  readonly deadline?: Instant | undefined
  /** Tells that span of another one that it belongs to as well; absent where nothing is traced. Never leaves the process. */
  readonly link?: ((traceparent: string) => void) | undefined
}

/** An event on its way to the outbox. */
export interface RaisedEvent {
  readonly definition: EventDefinition
  readonly data: unknown
  /** Id of the aggregate that emitted it; order is kept per key. */
  readonly key: string
  readonly version: number
}

/** A message on its way to one service. */
export interface OutgoingMessage {
  readonly definition: MessageDefinition
  readonly input: unknown
  readonly key: string
  readonly idempotencyKey: string
  /** Where the answer goes; absent when none is wanted. */
  readonly reply?: { readonly to: string; readonly ref: string }
}

/** An answer on its way back. */
export interface OutgoingReply {
  readonly type: string
  readonly to: string
  readonly ref: string
  readonly key: string
  readonly data: unknown
}

/**
 * Everything one handler writes, flushed once when it returns: rows with their version checks, inbox, idempotency record
 * and outbox. There is no reading of what it has registered.
 */
export interface UnitOfWork {
  readonly now: Instant
  readonly origin: Origin
  /** Registers the events of an aggregate; repositories call it in `save`. */
  raise(aggregate: AggregateRoot<{ readonly id: string }>): void
  /** Registers one event that no aggregate emits. */
  publish<Data>(definition: EventDefinition<Data>, data: NoInfer<Data>, key: string): void
  /** Registers a message to the service that handles it; it leaves after the commit. */
  send<In, Out>(
    definition: MessageDefinition<In, Out>,
    input: NoInfer<In>,
    options: { key: string; idempotencyKey: string },
  ): void
}

/** What adapters and the runners see of a unit of work beside the handlers' door. */
export interface OpenUnitOfWork extends UnitOfWork {
  readonly events: readonly RaisedEvent[]
  request(message: OutgoingMessage): void
  reply(reply: OutgoingReply): void
  /** Registers the inbox row of this message for this consumer; the flush throws `DuplicateMessage` when it stands already. */
  receive(consumer: string, messageId: string, reply?: string): void
}

/** The flush found another state than the handler had read; the handler is run again. */
export class FlushConflict extends Error {
  override name = 'FlushConflict'
  /** The registered write that missed. */
  readonly write: string
  constructor(write: string) {
    super(`The write "${write}" found another state than was read.`)
    this.write = write
  }
}

/** The inbox already holds this message for this consumer: its effect has happened. */
export class DuplicateMessage extends Error {
  override name = 'DuplicateMessage'
}

/** Another request has committed under this idempotency key since it was looked up. */
export class IdempotencyRace extends Error {
  override name = 'IdempotencyRace'
}

/** True for errors that say "decided, and no retry will change it". */
export const isRefusal = (error: unknown): error is DomainError =>
  error instanceof DomainError &&
  error.code !== ConcurrentChange.code &&
  !['unavailable', 'internal', 'rate_limited'].includes(error.kind)
