import type { Clock } from '#domain/kernel/clock.ts'
import { type DomainError, domainError } from '#domain/kernel/errors.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import type { LocalEvents } from '../cqrs/local-events.ts'
import type { Resolve } from '../cqrs/token.ts'
import type { DeadLetters } from '../dead-letters/dead-letters.ts'
import { decodeEnvelope, type Envelope, ReplyData, serviceOf } from '../envelope.ts'
import { failpoint } from '../failpoints.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { SagaRunner } from '../sagas/sagas.ts'
import type { Incoming } from '../transports/transport.ts'
import type { InSpan } from '../tracing.ts'
import { runInUnitOfWork } from '../unit-of-work/run.ts'
import type { Store } from '../unit-of-work/store.ts'
import { DuplicateMessage, isRefusal, type OpenUnitOfWork, type Origin } from '../unit-of-work/unit-of-work.ts'
import type { BoundConsumer, Responder, Subscriber, Transact } from './handlers.ts'

export const Unimplemented = domainError(
  'UNIMPLEMENTED',
  'not_found',
  (type: string) => `Nothing here answers "${type}".`,
)
export const SenderRefused = domainError(
  'SENDER_REFUSED',
  'forbidden',
  (from: string) => `"${from}" may not send this.`,
)

const ReplyMisdirected = domainError(
  'REPLY_MISDIRECTED',
  'forbidden',
  (to: string) => `The answer would go to "${to}", which did not ask.`,
)

/** What the dispatcher tells of, for metrics and logs. */
export interface DispatchObserver {
  handled(consumer: string, type: string, seconds: number): void
  duplicate(consumer: string): void
  failed(consumer: string, envelope: Envelope, error: unknown, final: boolean): void
  expired(type: string): void
}

export interface DispatcherOptions {
  readonly service: string
  readonly subscribers: Readonly<Record<string, Subscriber>>
  readonly responders: readonly Responder[]
  readonly sagas: readonly SagaRunner[]
  readonly store: Store
  readonly inbox: Inbox
  readonly deadLetters: DeadLetters
  readonly local: LocalEvents
  readonly clock: Clock
  readonly ids: Ids
  readonly resolve: Resolve
  readonly observe: DispatchObserver
  readonly inSpan?: InSpan | undefined
}

/** A request as a lane hands it over. */
export interface IncomingRequest {
  readonly type: string
  readonly data: unknown
  readonly from: string
  /** Id of this try. */
  readonly id: string
  /**
   * The same for every try of one intent. Services make it from their own ids and never take it from a caller, so that one
   * key cannot come with two inputs, and no fingerprint of the input is kept (those of HTTP's keys are).
   */
  readonly idempotencyKey: string
  readonly deadline?: string | undefined
  readonly origin: Origin
  /** Where a durable reply goes; absent when the lane carries the answer itself. */
  readonly reply?: { readonly to: string; readonly ref: string; readonly key: string } | undefined
}

/** The one way in for everything that reaches a service, whatever transport or lane brought it. */
export interface Dispatcher {
  /** Event types that the service subscribes to. */
  readonly subscriptions: readonly string[]
  /** Takes an envelope in: resolves when its effects are committed, rejects when it must come again. */
  receive(message: Incoming): Promise<void>
  /**
   * Answers a request. Rejects only for failures that are no decision.
   * @param signal aborted when nobody waits for the answer any more
   */
  respond(request: IncomingRequest, signal?: AbortSignal): Promise<ReplyData>
}

interface Consumer {
  readonly name: string
  handle(envelope: Envelope, origin: Origin): Promise<void>
}

const faultOf = ({ code, kind, message }: DomainError): ReplyData => ({
  outcome: 'faulted',
  code,
  kind,
  detail: message,
})

export const createDispatcher = (options: DispatcherOptions): Dispatcher => {
  const { service, store, inbox, deadLetters, local, clock, ids, resolve, observe, inSpan } = options
  const beforeReceive = failpoint(`${service}.message.before_receive`)
  const afterReceive = failpoint(`${service}.message.after_receive`)

  /** Makes the handler's transaction; `complete` registers what the delivery itself writes. */
  const transaction =
    (origin: Origin, complete: (tx: OpenUnitOfWork, output: unknown) => void): Transact =>
    (work) =>
      runInUnitOfWork(store, clock, origin, async (tx) => {
        const output = await work({ tx, ids })
        const published = local.publish(tx)
        if (published) await published
        complete(tx, output)
        return output
      })

  const originOf = (envelope: Envelope): Origin => ({
    correlationId: envelope.correlationid,
    causationId: envelope.id,
    traceparent: envelope.traceparent,
  })

  const once = async (consumer: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof DuplicateMessage)) throw error
      observe.duplicate(consumer)
    }
  }

  const eventConsumer = (name: string, subscriber: Subscriber): Consumer => {
    const consumer = `${service}/${name}`
    const bound = subscriber.bind(resolve)
    return {
      name: consumer,
      handle: (envelope, origin) =>
        once(consumer, () =>
          bound(
            { data: envelope.data, messageId: envelope.id, from: serviceOf(envelope), now: clock.now(), origin },
            transaction(origin, (tx) => tx.receive(consumer, envelope.id)),
          ),
        ),
    }
  }

  const sagaConsumer = (saga: SagaRunner): Consumer => {
    const name = `${service}/saga:${saga.definition.name}`
    return {
      name,
      handle: (envelope, origin) => once(name, () => saga.onEvent(envelope.type, envelope.data, envelope.id, origin)),
    }
  }

  const consumers = new Map<string, Consumer[]>()
  const subscribe = (type: string, consumer: Consumer) =>
    consumers.set(type, [...(consumers.get(type) ?? []), consumer])
  for (const [name, subscriber] of Object.entries(options.subscribers))
    subscribe(subscriber.event.type, eventConsumer(name, subscriber))
  for (const saga of options.sagas)
    for (const { event } of saga.definition.events) subscribe(event.type, sagaConsumer(saga))

  const responders = new Map<string, { readonly responder: Responder; readonly bound: BoundConsumer }>()
  for (const responder of options.responders) {
    const { type } = responder.definition
    if (responders.has(type)) throw new Error(`Two handlers answer "${type}". help: keep one of them in service.ts.`)
    responders.set(type, { responder, bound: responder.bind(resolve) })
  }

  const deadLetter = (consumer: string, envelope: Envelope, body: string, error: unknown): Promise<void> =>
    deadLetters.add({
      id: ids.next('dlq').slice('dlq_'.length),
      consumer,
      messageId: envelope.id,
      type: envelope.type,
      key: envelope.subject,
      envelope: body,
      reason: String(error).slice(0, 1_000),
      failedAt: clock.now(),
    })

  /** Every attempt is a span of its own under the one that wrote the message, however often it was delivered. */
  const handle = (consumer: Consumer, envelope: Envelope, { attempt }: Incoming): Promise<void> => {
    const origin = originOf(envelope)
    if (!inSpan) return consumer.handle(envelope, origin)
    const attributes = {
      'messaging.consumer.group.name': consumer.name,
      'messaging.message.id': envelope.id,
      'edtech.key': envelope.subject,
      'edtech.attempt': attempt,
    }
    return inSpan({ kind: 'consumer', name: `process ${envelope.type}`, attributes }, origin, (within) =>
      consumer.handle(envelope, within),
    )
  }

  /** Runs one consumer; a failure in the last attempt ends in its dead letter, any other is thrown. */
  const consume = async (consumer: Consumer, envelope: Envelope, message: Incoming): Promise<void> => {
    const startedAt = performance.now()
    try {
      await handle(consumer, envelope, message)
      observe.handled(consumer.name, envelope.type, (performance.now() - startedAt) / 1000)
    } catch (error) {
      observe.failed(consumer.name, envelope, error, message.lastAttempt)
      if (!message.lastAttempt) throw error
      await deadLetter(consumer.name, envelope, message.body, error)
    }
  }

  /** An envelope that cannot be read is kept as it came; nothing else can be done with it. */
  const decode = async ({ body, lastAttempt }: Incoming): Promise<Envelope | undefined> => {
    try {
      return decodeEnvelope(body)
    } catch (error) {
      if (!lastAttempt) throw error
      const id = ids.next('dlq').slice('dlq_'.length)
      const unknown = { messageId: id, type: 'unreadable', key: id }
      const reason = String(error).slice(0, 1_000)
      await deadLetters.add({ id, consumer: service, ...unknown, envelope: body, reason, failedAt: clock.now() })
      return undefined
    }
  }

  /** An event that came here without a subscriber is kept as a dead letter, not lost. */
  const unknownEvent: Consumer = {
    name: service,
    handle: async ({ type }) => {
      throw Unimplemented(type)
    },
  }

  const receiveEvent = async (envelope: Envelope, message: Incoming): Promise<void> => {
    const subscribed = (consumers.get(envelope.type) ?? []).filter(({ name }) => name === (envelope.consumer ?? name))
    const interested = subscribed.length > 0 ? subscribed : [unknownEvent]
    const results = await Promise.allSettled(interested.map((consumer) => consume(consumer, envelope, message)))
    const failures = results.filter((result) => result.status === 'rejected')
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => String(reason)).join('; '))
  }

  const sagaConsumerOfReply: Consumer = {
    name: `${service}/replies`,
    handle: async (envelope, origin) => {
      const [type, key, step] = envelope.replyref?.split('/') ?? []
      const saga = options.sagas.find(({ definition }) => definition.name === type)
      if (!saga || !key || !step) throw Unimplemented(`reply ${envelope.replyref}`)
      const reply = ReplyData.parse(envelope.data)
      await once(`${service}/saga:${type}`, () => saga.onReply(key, step, reply, envelope.id, origin))
    },
  }

  const requestConsumer: Consumer = {
    name: `${service}/requests`,
    handle: async (envelope, origin) => {
      // An answer goes to who asked and nowhere else: a forged address must not make this service write to another.
      if (envelope.replyto && envelope.replyto !== serviceOf(envelope)) throw ReplyMisdirected(envelope.replyto)
      const reply =
        envelope.replyto && envelope.replyref
          ? { to: envelope.replyto, ref: envelope.replyref, key: envelope.subject }
          : undefined
      // Nobody waits for the fault of a command that nothing here knows: it must not vanish.
      if (!reply && !responders.has(envelope.type)) throw Unimplemented(envelope.type)
      await respond({
        type: envelope.type,
        data: envelope.data,
        from: serviceOf(envelope),
        id: envelope.id,
        idempotencyKey: envelope.idempotencykey ?? envelope.id,
        deadline: envelope.deadline,
        origin,
        reply,
      })
    },
  }

  const sendReply = (tx: OpenUnitOfWork, { type, reply }: IncomingRequest, data: ReplyData): void => {
    if (reply) tx.reply({ type, ...reply, data })
  }

  /** Commits an answer that no handler's transaction carries: a refusal, or a stored reply sent again. */
  const commitReply = (request: IncomingRequest, data: ReplyData, consumer: string | undefined): Promise<ReplyData> =>
    runInUnitOfWork(store, clock, request.origin, async (tx) => {
      if (consumer) tx.receive(consumer, request.idempotencyKey, JSON.stringify(data))
      sendReply(tx, request, data)
      return data
    })

  const stored = async (consumer: string, request: IncomingRequest): Promise<ReplyData> => {
    observe.duplicate(consumer)
    const reply = await inbox.storedReply(consumer, request.idempotencyKey)
    const data = ReplyData.parse(JSON.parse(reply ?? 'null'))
    return commitReply(request, data, undefined)
  }

  const refuse = async (
    request: IncomingRequest,
    fault: ReplyData,
    consumer: string | undefined,
  ): Promise<ReplyData> => {
    try {
      return await commitReply(request, fault, consumer)
    } catch (error) {
      if (error instanceof DuplicateMessage && consumer) return stored(consumer, request)
      throw error
    }
  }

  const respond = async (request: IncomingRequest, signal?: AbortSignal): Promise<ReplyData> => {
    const entry = responders.get(request.type)
    if (!entry) return commitReply(request, faultOf(Unimplemented(request.type)), undefined)
    const { definition } = entry.responder
    const now = clock.now()
    if (request.deadline && request.deadline <= now) {
      observe.expired(request.type)
      return { outcome: 'faulted', code: 'DEADLINE_PASSED', kind: 'unavailable', detail: 'The deadline has passed.' }
    }
    // Not stored: the key belongs to those who may send this.
    if (definition.audience === 'self' && request.from !== service)
      return commitReply(request, faultOf(SenderRefused(request.from)), undefined)
    const consumer = definition.idempotent ? undefined : `${service}/${request.type}`
    let answered: ReplyData | undefined
    const transact = transaction(request.origin, (tx, output) => {
      answered = { outcome: 'replied', output: definition.output.parse(output) }
      if (consumer) tx.receive(consumer, request.idempotencyKey, JSON.stringify(answered))
      sendReply(tx, request, answered)
    })
    try {
      const { data, idempotencyKey: messageId, from, origin } = request
      const delivery = { data, messageId, from, now, origin, signal }
      const output = await entry.bound(delivery, transact)
      return answered ?? { outcome: 'replied', output: definition.output.parse(output) }
    } catch (error) {
      if (error instanceof DuplicateMessage && consumer) return stored(consumer, request)
      if (!isRefusal(error)) throw error
      return refuse(request, faultOf(error), consumer)
    }
  }

  /** A request that a lane brought; one that came as a message has the span of its consumer. */
  const respondInSpan = (traced: InSpan) => (request: IncomingRequest) => {
    const attributes = { 'edtech.from': request.from, 'messaging.message.id': request.id }
    return traced({ kind: 'server', name: request.type, attributes }, request.origin, (origin) =>
      respond({ ...request, origin }),
    )
  }

  return {
    subscriptions: [...consumers.keys()],
    respond: inSpan ? respondInSpan(inSpan) : respond,
    receive: async (message) => {
      const envelope = await decode(message)
      if (!envelope) return
      await beforeReceive()
      if (envelope.messagekind === 'event') await receiveEvent(envelope, message)
      else await consume(envelope.messagekind === 'reply' ? sagaConsumerOfReply : requestConsumer, envelope, message)
      await afterReceive()
    },
  }
}
