import type { Instant } from '#domain/kernel/clock.ts'
import type { EventDefinition } from '#domain/kernel/event.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import type { MessageDefinition } from '#domain/kernel/message.ts'
import { invalidInput } from '../cqrs/errors.ts'
import { type Dependencies, type Resolve, type Resolved, resolveAll } from '../cqrs/token.ts'
import type { Origin, UnitOfWork } from '../unit-of-work/unit-of-work.ts'

/** What is known of a message before its transaction; the `call` phase sees no more. */
export interface Delivery<Data> {
  readonly data: Data
  /** Id of the message, or its idempotency key: the same for every repeat of one intent. */
  readonly messageId: string
  /** The service that sent it. */
  readonly from: string
  readonly now: Instant
  /** Requests that somebody waits for: aborted when nobody does any more. */
  readonly signal?: AbortSignal | undefined
  /** For what the handler asks of other services. */
  readonly origin: Origin
}

/** What the transaction of a message handler is given. */
export interface MessageContext<Data> extends Delivery<Data> {
  readonly tx: UnitOfWork
  readonly ids: Ids
}

/** The unit of work of one delivery, its inbox row included. */
export interface Transaction {
  readonly tx: UnitOfWork
  readonly ids: Ids
}

/** Runs a handler's transaction; it is run again on fresh state after a conflict. */
export type Transact = <Out>(work: (transaction: Transaction) => Promise<Out>) => Promise<Out>

/** A handler with its dependencies resolved: whatever it does before `transact` is its call phase. */
export type BoundConsumer = (delivery: Delivery<unknown>, transact: Transact) => Promise<unknown>

/** A subscription as a service lists it. */
export interface Subscriber {
  readonly event: EventDefinition
  bind(resolve: Resolve): BoundConsumer
}

/** The one answerer of a message as a service lists it. */
export interface Responder {
  readonly definition: MessageDefinition
  bind(resolve: Resolve): BoundConsumer
}

type Run<Data, Out, D extends Dependencies> = (context: MessageContext<Data>, dependencies: Resolved<D>) => Promise<Out>

type Call<Data, Called, D extends Dependencies> = (
  delivery: Delivery<Data>,
  dependencies: Resolved<D>,
) => Promise<Called>

type RunCalled<Data, Called, Out, D extends Dependencies> = (
  context: MessageContext<Data> & { readonly called: Called },
  dependencies: Resolved<D>,
) => Promise<Out>

/**
 * Subscribes a service to an event. The handler commutes with the handlers of other facts and takes effect once.
 * @example
 * export const refundEnds = on(Payments.RefundProcessed, { enrollments: Enrollments }, async ({ data, tx }, deps) => ...)
 */
export const on = <Data, D extends Dependencies>(
  event: EventDefinition<Data>,
  dependencies: D,
  run: Run<Data, void, D>,
): Subscriber => ({
  event,
  bind: (resolve) => {
    const resolved = resolveAll(dependencies, resolve)
    return (delivery, transact) => {
      const data = event.data.parse(delivery.data)
      return transact((transaction) => run({ ...delivery, ...transaction, data }, resolved))
    }
  },
})

/** Subscribes with a call only, for a projection: repeats are harmless, so there is no transaction and no inbox row. */
export const project = <Data, D extends Dependencies>(
  event: EventDefinition<Data>,
  dependencies: D,
  call: Call<Data, void, D>,
): Subscriber => ({
  event,
  bind: (resolve) => {
    const resolved = resolveAll(dependencies, resolve)
    return (delivery) => call({ ...delivery, data: event.data.parse(delivery.data) }, resolved)
  },
})

const inputOf = <In>({ input }: MessageDefinition<In>, data: unknown): In => {
  const parsed = input.safeParse(data)
  if (!parsed.success) throw invalidInput(parsed.error)
  return parsed.data
}

/**
 * Answers a message. A declared error becomes a `faulted` reply; any other error is a failure and is tried again.
 * @example
 * export const getOffer = answer(Learning.GetOffer, { runs: RunQueries }, ({ data }, { runs }) => runs.offer(data.courseRunId))
 */
export const answer = <In, Out, D extends Dependencies>(
  definition: MessageDefinition<In, Out>,
  dependencies: D,
  run: Run<In, Out, D>,
): Responder => ({
  definition,
  bind: (resolve) => {
    const resolved = resolveAll(dependencies, resolve)
    return (delivery, transact) => {
      const data = inputOf(definition, delivery.data)
      return transact((transaction) => run({ ...delivery, ...transaction, data }, resolved))
    }
  },
})

/**
 * Answers a message in two phases: `call` reaches a provider, outside any transaction and idempotent by the message's
 * key; `run` then writes what it found. A crash between them is a redelivery with the same key.
 */
export const answerWithCall = <In, Called, Out, D extends Dependencies>(
  definition: MessageDefinition<In, Out>,
  dependencies: D,
  call: Call<In, Called, D>,
  run: RunCalled<In, Called, Out, D>,
): Responder => ({
  definition,
  bind: (resolve) => {
    const resolved = resolveAll(dependencies, resolve)
    return async (delivery, transact) => {
      const data = inputOf(definition, delivery.data)
      const called = await call({ ...delivery, data }, resolved)
      return transact((transaction) => run({ ...delivery, ...transaction, data, called }, resolved))
    }
  },
})
