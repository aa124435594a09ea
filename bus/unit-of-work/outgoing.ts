import type { AggregateRoot } from '#domain/kernel/aggregate-root.ts'
import type { Instant } from '#domain/kernel/clock.ts'
import type { EventDefinition } from '#domain/kernel/event.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import type { MessageDefinition } from '#domain/kernel/message.ts'
import { type Envelope, encodeEnvelope, MAX_ENVELOPE_BYTES, SOURCE_PREFIX } from '../envelope.ts'
import type { OpenUnitOfWork, Origin, OutgoingMessage, OutgoingReply, RaisedEvent, UnitOfWork } from './unit-of-work.ts'
import { destinationOf } from '../patterns/directory.ts'

/** A finished envelope with the route it takes: `events`, or the name of one service. */
export interface OutboxEntry {
  readonly key: string
  readonly route: string
  readonly type: string
  readonly envelope: string
}

const NOTHING: readonly OutboxEntry[] = []

/** The part of a unit of work that every store shares: what is to leave after the commit. */
export abstract class Outgoing implements OpenUnitOfWork {
  readonly now: Instant
  readonly origin: Origin
  readonly events: RaisedEvent[] = []
  readonly #service: string
  readonly #ids: Ids
  readonly #messages: OutgoingMessage[] = []
  readonly #replies: OutgoingReply[] = []

  protected constructor(service: string, ids: Ids, now: Instant, origin: Origin) {
    this.#service = service
    this.#ids = ids
    this.now = now
    this.origin = origin
  }

  raise(aggregate: AggregateRoot<{ readonly id: string }>): void {
    for (const { definition, data } of aggregate.events)
      this.events.push({
        definition,
        data: definition.data.parse(data),
        key: aggregate.id,
        version: aggregate.version + 1,
      })
  }

  publish<Data>(definition: EventDefinition<Data>, data: NoInfer<Data>, key: string): void {
    this.events.push({ definition, data: definition.data.parse(data), key, version: 0 })
  }

  send<In, Out>(
    definition: MessageDefinition<In, Out>,
    input: NoInfer<In>,
    options: { key: string; idempotencyKey: string },
  ): void {
    this.request({ definition, input, ...options })
  }

  request(message: OutgoingMessage): void {
    if (message.definition.sensitive)
      throw new TypeError(`"${message.definition.type}" is sensitive and never enters a queue. help: use bus.request.`)
    this.#messages.push({ ...message, input: message.definition.input.parse(message.input) })
  }

  reply(reply: OutgoingReply): void {
    this.#replies.push(reply)
  }

  abstract receive(consumer: string, messageId: string, reply?: string): void

  /** The outbox rows of everything registered, envelopes finished. */
  protected outboxEntries(): readonly OutboxEntry[] {
    if (this.events.length + this.#messages.length + this.#replies.length === 0) return NOTHING
    return [
      ...this.events.map((event) => this.#event(event)),
      ...this.#messages.map((message) => this.#message(message)),
      ...this.#replies.map((reply) => this.#reply(reply)),
    ]
  }

  #envelope(attributes: Pick<Envelope, 'messagekind' | 'type' | 'subject' | 'data'> & Partial<Envelope>): string {
    const envelope = encodeEnvelope({
      specversion: '1.0',
      id: this.#ids.next('msg'),
      source: `${SOURCE_PREFIX}${this.#service}`,
      time: this.now,
      dataversion: 1,
      correlationid: this.origin.correlationId,
      causationid: this.origin.causationId,
      traceparent: this.origin.traceparent,
      ...attributes,
    })
    // Once committed it could never leave, and would hold back everything behind it.
    if (Buffer.byteLength(envelope) > MAX_ENVELOPE_BYTES)
      throw new RangeError(
        `"${attributes.type}" takes more than ${MAX_ENVELOPE_BYTES} bytes. help: send an id, and let the receiver ask.`,
      )
    return envelope
  }

  #event({ definition, data, key, version }: RaisedEvent): OutboxEntry {
    const { type } = definition
    const envelope = this.#envelope({
      messagekind: 'event',
      type,
      subject: key,
      dataversion: definition.version,
      aggregateversion: version,
      data,
    })
    return { key, route: 'events', type, envelope }
  }

  #message({ definition, input, key, idempotencyKey, reply }: OutgoingMessage): OutboxEntry {
    const { type } = definition
    const envelope = this.#envelope({
      messagekind: 'request',
      type,
      subject: key,
      idempotencykey: idempotencyKey,
      replyto: reply?.to,
      replyref: reply?.ref,
      data: input,
    })
    return { key, route: destinationOf(definition), type, envelope }
  }

  #reply({ type, to, ref, key, data }: OutgoingReply): OutboxEntry {
    const envelope = this.#envelope({ messagekind: 'reply', type, subject: key, replyref: ref, data })
    return { key, route: to, type, envelope }
  }
}

/** The whole of a unit of work, for the runners. Throws when it was not made by a store of the bus. */
export const openOf = (tx: UnitOfWork): OpenUnitOfWork => {
  if (!(tx instanceof Outgoing)) throw new TypeError('This unit of work was not made by a store of the bus.')
  return tx
}
