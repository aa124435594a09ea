import type { Clock } from '#domain/kernel/clock.ts'
import { domainError } from '#domain/kernel/errors.ts'
import { type SagaDefinition, sagaIdOf } from '#domain/kernel/saga.ts'
import type { ReplyData } from '../envelope.ts'
import { failpoint } from '../failpoints.ts'
import { messageNamed } from '../patterns/directory.ts'
import { runInUnitOfWork } from '../unit-of-work/run.ts'
import type { Store } from '../unit-of-work/store.ts'
import { openOf } from '../unit-of-work/outgoing.ts'
import type { Origin, UnitOfWork } from '../unit-of-work/unit-of-work.ts'
import { createAdvance, type SagaMessage, type Step } from './advance.ts'
import { courseOf, isFinal, type JournalEntry, type PendingRequest, type SagaInstance } from './instance.ts'
import type { SagaStore } from './store.ts'
import { tracedIn } from './traced-in.ts'

export const SagaNotFound = domainError('SAGA_NOT_FOUND', 'not_found', (key: string) => `There is no saga ${key}.`)
export const SagaBeyondPivot = domainError(
  'SAGA_BEYOND_PIVOT',
  'conflict',
  () => 'It has passed the point of no return and only goes forward.',
)
export const SagaEnded = domainError('SAGA_ENDED', 'conflict', () => 'It has ended.')

/** What a reply's reference says: which step of which instance asked. */
const refOf = (type: string, key: string, step: string): string => `${type}/${key}/${step}`

/** The idempotency key of a request: the same over every resend, a new one after a definite decline. */
const keyOf = (sagaId: string, { step, declines }: PendingRequest): string =>
  declines === 0 ? `${sagaId}:${step}` : `${sagaId}:${step}:${declines + 1}`

export interface SagaRunnerOptions {
  readonly service: string
  readonly definition: SagaDefinition
  readonly store: Store
  readonly sagas: SagaStore
  readonly clock: Clock
}

/** What a command handler sees of the sagas of its service. */
export interface Sagas {
  /** Registers a new instance in the command's unit of work: it exists exactly when the command's rows do. */
  start<State>(tx: UnitOfWork, definition: SagaDefinition<State>, key: string, state: NoInfer<State>): void
  /** Turns the instance back; again, while it is being undone, changes nothing. Throws `SagaNotFound`, `SagaEnded`, `SagaBeyondPivot`. */
  cancel(tx: UnitOfWork, type: string, key: string): Promise<void>
  /** Sends again what is unanswered, and goes on from where it was parked. Throws `SagaNotFound`, `SagaEnded`. */
  retry(tx: UnitOfWork, type: string, key: string): Promise<void>
}

/** Runs the instances of one saga type: one message, one transaction. */
export interface SagaRunner {
  readonly definition: SagaDefinition
  start(tx: UnitOfWork, key: string, state: unknown): void
  cancel(tx: UnitOfWork, key: string): Promise<void>
  retry(tx: UnitOfWork, key: string): Promise<void>
  onEvent(type: string, data: unknown, messageId: string, origin: Origin): Promise<void>
  onReply(key: string, step: string, reply: ReplyData, messageId: string, origin: Origin): Promise<void>
  onTimer(key: string, name: string, origin: Origin): Promise<void>
}

/** The sagas of a service behind one door. */
export const createSagas = (runners: readonly SagaRunner[]): Sagas => {
  const runnerOf = (type: string): SagaRunner => {
    const runner = runners.find(({ definition }) => definition.name === type)
    if (!runner) throw SagaNotFound(type)
    return runner
  }
  return {
    start: (tx, definition, key, state) => runnerOf(definition.name).start(tx, key, state),
    cancel: (tx, type, key) => runnerOf(type).cancel(tx, key),
    retry: (tx, type, key) => runnerOf(type).retry(tx, key),
  }
}

const RETRYABLE = new Set(['internal', 'unavailable', 'rate_limited'])

const describe = (message: SagaMessage): string => {
  switch (message.kind) {
    case 'event':
      return `event ${message.type}`
    case 'replied':
      return `replied ${message.step}`
    case 'faulted':
      return `faulted ${message.step}: ${message.fault.code}`
    case 'timer':
      return `timer ${message.name}`
    default:
      return message.kind
  }
}

export const createSagaRunner = ({ service, definition, store, sagas, clock }: SagaRunnerOptions): SagaRunner => {
  const advance = createAdvance(definition)
  const type = definition.name
  const consumer = `${service}/saga:${type}`
  const beforeStep = failpoint(`${service}.saga.${type}.before_step`)
  const afterStep = failpoint(`${service}.saga.${type}.after_step`)
  const beforeTimer = failpoint(`${service}.saga.${type}.before_timer`)
  const afterTimer = failpoint(`${service}.saga.${type}.after_timer`)

  const register = (
    unit: UnitOfWork,
    from: { readonly instance: SagaInstance; readonly version: number } | undefined,
    step: Step,
    message: string,
    messageId: string,
  ): void => {
    const tx = openOf(unit)
    const { requests, publish, outputs } = step
    const instance = tracedIn(step.instance, from?.instance, tx.origin)
    for (const pending of requests)
      tx.request({
        definition: messageNamed(pending.type),
        input: pending.input,
        key: sagaIdOf(definition, instance.key),
        idempotencyKey: keyOf(sagaIdOf(definition, instance.key), pending),
        reply: { to: service, ref: refOf(type, instance.key, pending.step) },
      })
    for (const event of publish) tx.publish(event.definition, event.data, instance.key)
    const entry: JournalEntry = {
      at: tx.now,
      message,
      messageId,
      fromStep: from?.instance.step ?? '',
      toStep: instance.step,
      status: instance.status,
      outputs: [...outputs],
      error: instance.fault && `${instance.fault.code}: ${instance.fault.detail}`,
      correlationId: tx.origin.correlationId,
    }
    sagas.save(tx, { instance, version: from?.version ?? 0, entry })
  }

  /** One step of a stored instance in a unit of work that somebody else flushes; none where `admits` sees no need. */
  const stepIn = async (
    tx: UnitOfWork,
    key: string,
    message: SagaMessage,
    messageId: string,
    admits?: (instance: SagaInstance) => boolean,
  ): Promise<void> => {
    const found = await sagas.load(type, key)
    if (!found) {
      if (admits) throw SagaNotFound(`${type}:${key}`)
      return
    }
    if (admits && !admits(found.instance)) return
    const { traceparent } = found.instance
    if (traceparent) tx.origin.link?.(traceparent)
    register(tx, found, advance.receive(found.instance, message, tx.now), describe(message), messageId)
  }

  /** One message, one transaction, its inbox row included. */
  const deliver = async (key: string, message: SagaMessage, messageId: string, origin: Origin): Promise<void> => {
    await beforeStep()
    await runInUnitOfWork(store, clock, origin, async (tx) => {
      tx.receive(consumer, messageId)
      await stepIn(tx, key, message, messageId)
    })
    await afterStep()
  }

  return {
    definition,
    start: (tx, key, state) => {
      const { origin } = openOf(tx)
      register(tx, undefined, advance.start(key, state, origin.correlationId, tx.now), 'started', '')
    },
    cancel: (tx, key) =>
      stepIn(tx, key, { kind: 'cancel' }, '', (instance) => {
        if (isFinal(instance)) throw SagaEnded()
        if (courseOf(instance) === 'compensating') return false
        if (instance.pivoted) throw SagaBeyondPivot()
        return true
      }),
    retry: (tx, key) =>
      stepIn(tx, key, { kind: 'retry' }, '', (instance) => {
        // One that was parked after its end goes back to it: the person has seen to the matter.
        if (isFinal(instance) && instance.status !== 'parked' && instance.pending.length === 0) throw SagaEnded()
        return true
      }),
    onEvent: async (eventType, data, messageId, origin) => {
      const key = definition.events.find(({ event }) => event.type === eventType)?.key(data)
      if (key !== undefined) await deliver(key, { kind: 'event', type: eventType, data }, messageId, origin)
    },
    onReply: (key, step, reply, messageId, origin) => deliver(key, replyMessage(step, reply), messageId, origin),
    onTimer: async (key, name, origin) => {
      await beforeTimer()
      await runInUnitOfWork(store, clock, origin, (tx) => stepIn(tx, key, { kind: 'timer', name }, `timer:${name}`))
      await afterTimer()
    },
  }
}

const replyMessage = (step: string, reply: ReplyData): SagaMessage => {
  if (reply.outcome === 'replied') return { kind: 'replied', step, output: reply.output }
  const { code, detail, kind } = reply
  return { kind: 'faulted', step, fault: { code, detail }, retryable: RETRYABLE.has(kind) }
}
