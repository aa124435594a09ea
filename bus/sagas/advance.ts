import { addMs, type Instant, MINUTE, SECOND } from '#domain/kernel/clock.ts'
import type { DomainEvent } from '#domain/kernel/event.ts'
import {
  type Decision,
  type SagaContext,
  type SagaDefinition,
  type SagaFault,
  type SagaRequest,
  sagaIdOf,
} from '#domain/kernel/saga.ts'
import { courseOf, isFinal, type PendingRequest, type SagaInstance } from './instance.ts'

/** A message as a saga sees it. */
export type SagaMessage =
  | { readonly kind: 'event'; readonly type: string; readonly data: unknown }
  | { readonly kind: 'replied'; readonly step: string; readonly output: unknown }
  | { readonly kind: 'faulted'; readonly step: string; readonly fault: SagaFault; readonly retryable: boolean }
  | { readonly kind: 'timer'; readonly name: string }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'retry' }

/** What one message leads to: the instance to store, and what leaves with it. */
export interface Step {
  readonly instance: SagaInstance
  readonly requests: readonly PendingRequest[]
  readonly publish: readonly DomainEvent[]
  /** The outputs by name, for the journal. */
  readonly outputs: readonly string[]
}

/** Times a request is sent before its saga is parked. */
export const MAX_ATTEMPTS = 12
const RESEND_BASE_MS = 10 * SECOND
const RESEND_MAX_MS = 10 * MINUTE
const DEADLINE = 'deadline'
const resendTimer = (step: string): string => `reply:${step}`

const without = <T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([key]) => key !== name))

/** Carries one saga forward by one message; pure, so that it is tested by calling it. */
export const createAdvance = <State>(definition: SagaDefinition<State>) => {
  const stateOf = (instance: SagaInstance): State => definition.state.parse(instance.state)

  const contextOf = (instance: SagaInstance, now: Instant): SagaContext => ({
    sagaId: sagaIdOf(definition, instance.key),
    key: instance.key,
    now,
    status: instance.status,
  })

  const still = (instance: SagaInstance): Step => ({ instance, requests: [], publish: [], outputs: [] })

  /** Adds a request to a step and arms the timer that sends it again. */
  const sending = (step: Step, request: SagaRequest, now: Instant): Step => {
    const pending: PendingRequest = {
      step: request.step,
      type: request.message.type,
      input: request.message.input.parse(request.input),
      attempts: 1,
      declines: 0,
    }
    return resent(step, pending, now)
  }

  const resent = (step: Step, pending: PendingRequest, now: Instant): Step => {
    const { instance } = step
    const waitMs = Math.min(RESEND_MAX_MS, RESEND_BASE_MS * 2 ** (pending.attempts - 1))
    return {
      ...step,
      instance: {
        ...instance,
        step: pending.step,
        pivoted: instance.pivoted || pending.step === definition.pivot,
        pending: [...instance.pending.filter(({ step: name }) => name !== pending.step), pending],
        timers: { ...instance.timers, [resendTimer(pending.step)]: addMs(now, waitMs) },
      },
      requests: [...step.requests, pending],
      outputs: [...step.outputs, `send ${pending.step}`],
    }
  }

  const answered = (instance: SagaInstance, step: string): SagaInstance => ({
    ...instance,
    pending: instance.pending.filter((pending) => pending.step !== step),
    timers: without(instance.timers, resendTimer(step)),
  })

  const armed = (step: Step, timers: Decision<State>['timers'], now: Instant): Step =>
    Object.entries(timers ?? {}).reduce((next, [name, ms]) => {
      const others = without(next.instance.timers, name)
      const all = ms === 'cancel' ? others : { ...others, [name]: addMs(now, ms) }
      const output = ms === 'cancel' ? `cancel timer ${name}` : `timer ${name}`
      return { ...next, instance: { ...next.instance, timers: all }, outputs: [...next.outputs, output] }
    }, step)

  const ended = (step: Step, status: SagaInstance['status'], fault?: SagaFault): Step => {
    // What is still unanswered keeps its resend timer: a refund sent late is carried through after the end.
    const kept = step.instance.pending.map((pending) => resendTimer(pending.step))
    const timers = Object.fromEntries(Object.entries(step.instance.timers).filter(([name]) => kept.includes(name)))
    return {
      ...step,
      instance: { ...step.instance, status, timers, fault: fault ?? step.instance.fault },
      outputs: [...step.outputs, status],
    }
  }

  const parked = (step: Step, fault: SagaFault): Step => ({
    ...step,
    instance: {
      ...step.instance,
      status: 'parked',
      resumeAs: courseOf(step.instance),
      fault,
      timers: without(step.instance.timers, DEADLINE),
    },
    outputs: [...step.outputs, 'parked'],
  })

  const parkedForPerson = (step: Step, fault: SagaFault): Step => {
    const { instance, outputs } = parked(step, fault)
    return { ...step, instance: { ...instance, forPerson: true }, outputs }
  }

  /** Runs the next compensation, or ends the saga when none is left. */
  const undoNext = (step: Step, now: Instant): Step => {
    const { instance } = step
    const name = instance.stack.at(-1)
    if (name === undefined) return ended(step, instance.undoneAs)
    const compensation = definition.compensations.find((candidate) => candidate.name === name)
    if (!compensation) throw new Error(`${definition.name} has no compensation "${name}".`)
    return sending(step, compensation.request(stateOf(instance), contextOf(instance, now)), now)
  }

  /** Turns back: what is unanswered is forgotten, its late replies are ignored, and the stack is undone in reverse. */
  const undo = (step: Step, fault: SagaFault, undoneAs: SagaInstance['undoneAs'], now: Instant): Step => {
    const timers = Object.fromEntries(Object.entries(step.instance.timers).filter(([name]) => name === DEADLINE))
    const instance: SagaInstance = { ...step.instance, status: 'compensating', pending: [], timers, fault, undoneAs }
    return undoNext({ ...step, instance, outputs: [...step.outputs, 'compensate'] }, now)
  }

  const carryOut = (from: SagaInstance, decision: Decision<State>, now: Instant): Step => {
    const state = decision.set ? { ...stateOf(from), ...decision.set } : from.state
    const published = decision.publish ?? []
    let step: Step = {
      instance: { ...from, state, stack: [...from.stack, ...(decision.push ?? [])] },
      requests: [],
      publish: published,
      outputs: published.map(({ definition: { type } }) => `publish ${type}`),
    }
    for (const request of decision.send ?? []) step = sending(step, request, now)
    step = armed(step, decision.timers, now)
    if (decision.park) return parkedForPerson(step, decision.park)
    // What is being undone, or has ended, is not ended again by a late message.
    if (courseOf(from) !== 'running') return step
    if (decision.fail) {
      if (step.instance.pivoted) return ended(step, 'failed', decision.fail)
      return undo(step, decision.fail, 'compensated', now)
    }
    return decision.done ? ended(step, 'completed') : step
  }

  const onEvent = (instance: SagaInstance, type: string, data: unknown, now: Instant): Step => {
    const handler = definition.events.find(({ event }) => event.type === type)
    if (!handler) return still(instance)
    const forward = courseOf(instance) === 'running'
    const decide = forward ? handler.running : handler.late
    return carryOut(instance, decide(stateOf(instance), data, contextOf(instance, now)), now)
  }

  const onReplied = (instance: SagaInstance, name: string, output: unknown, now: Instant): Step => {
    if (!instance.pending.some(({ step }) => step === name)) return still(instance)
    const next = unparked(answered(instance, name), now)
    const context = contextOf(next, now)
    const compensation = definition.compensations.find((candidate) => candidate.name === name)
    if (compensation && next.status === 'compensating' && next.stack.at(-1) === name) {
      const undone = { ...next, stack: next.stack.slice(0, -1) }
      return undoNext(carryOut(undone, compensation.replied(stateOf(undone), output, context), now), now)
    }
    const handler = definition.replies.find(({ step }) => step === name)
    return handler ? carryOut(next, handler.replied(stateOf(next), output, context), now) : still(next)
  }

  const onFaulted = (
    instance: SagaInstance,
    name: string,
    fault: SagaFault,
    retryable: boolean,
    now: Instant,
  ): Step => {
    const pending = instance.pending.find(({ step }) => step === name)
    // A failure that is no decision is met by the resend timer, under the same idempotency key.
    if (!pending || retryable) return still(instance)
    const handler = definition.replies.find(({ step }) => step === name)
    if (!handler) return parked(still(declined(instance, pending)), fault)
    const next = unparked(answered(instance, name), now)
    return carryOut(next, handler.faulted(stateOf(next), fault, contextOf(next, now)), now)
  }

  const onTimer = (instance: SagaInstance, name: string, now: Instant): Step => {
    const due = instance.timers[name]
    if (due === undefined || due > now) return still(instance)
    const next = { ...instance, timers: without(instance.timers, name) }
    if (name === DEADLINE) return onDeadline(next, now)
    const pending = next.pending.find(({ step }) => resendTimer(step) === name)
    if (pending) return resendOrPark(next, pending, now)
    const handler = definition.timers[name]
    if (!handler) return still(next)
    // While it is parked nothing new begins; the timer waits beside it.
    if (next.status === 'parked') return armed(still(next), { [name]: MINUTE }, now)
    return next.status === 'running' ? carryOut(next, handler(stateOf(next), contextOf(next, now)), now) : still(next)
  }

  const onDeadline = (instance: SagaInstance, now: Instant): Step => {
    const fault = { code: 'SAGA_DEADLINE', detail: 'It did not end before its deadline.' }
    if (instance.status === 'running' && !instance.pivoted) return undo(still(instance), fault, 'compensated', now)
    return parked(still(instance), fault)
  }

  const resendOrPark = (instance: SagaInstance, pending: PendingRequest, now: Instant): Step => {
    if (pending.attempts < MAX_ATTEMPTS)
      return resent(still(instance), { ...pending, attempts: pending.attempts + 1 }, now)
    const fault = { code: 'SAGA_STEP_UNANSWERED', detail: `The step "${pending.step}" was sent ${MAX_ATTEMPTS} times.` }
    return parked(still(instance), fault)
  }

  /** A declined request waits for a person: sending it again is a new intent. */
  const declined = (instance: SagaInstance, pending: PendingRequest): SagaInstance => {
    const next = answered(instance, pending.step)
    return { ...next, pending: [...next.pending, { ...pending, declines: pending.declines + 1 }] }
  }

  const resume = (instance: SagaInstance): SagaInstance => ({
    ...instance,
    status: courseOf(instance),
    resumeAs: undefined,
    forPerson: undefined,
    fault: undefined,
  })

  /** A parked instance goes on when what it waited for arrives, with a new deadline where it still has a way to go. */
  const unparked = (instance: SagaInstance, now: Instant): SagaInstance => {
    if (instance.status !== 'parked') return instance
    const resumed = resume(instance)
    if (isFinal(instance)) return resumed
    return { ...resumed, timers: { ...instance.timers, [DEADLINE]: addMs(now, definition.deadlineMs) } }
  }

  const onRetry = (instance: SagaInstance, now: Instant): Step => {
    const next = unparked(instance, now)
    return next.pending.reduce((step, pending) => resent(step, { ...pending, attempts: 1 }, now), still(next))
  }

  const onCancel = (instance: SagaInstance, now: Instant): Step =>
    undo(still(unparked(instance, now)), { code: 'SAGA_CANCELLED', detail: 'It was cancelled.' }, 'cancelled', now)

  const start = (key: string, initial: unknown, correlationId: string, now: Instant): Step => {
    const state = definition.state.parse(initial)
    const instance: SagaInstance = {
      type: definition.name,
      key,
      schema: definition.version,
      status: 'running',
      step: 'started',
      state,
      pending: [],
      stack: [],
      pivoted: false,
      timers: { [DEADLINE]: addMs(now, definition.deadlineMs) },
      undoneAs: 'compensated',
      correlationId,
      startedAt: now,
      updatedAt: now,
    }
    return carryOut(instance, definition.start(state, contextOf(instance, now)), now)
  }

  /** What messages move on goes on, and the matter stays with the person. */
  const receiveParked = (instance: SagaInstance, fault: SagaFault, message: SagaMessage, now: Instant): Step => {
    const step = receive(resume(instance), message, now)
    return { ...parkedForPerson(step, fault), outputs: step.outputs }
  }

  const receive = (instance: SagaInstance, message: SagaMessage, now: Instant): Step => {
    const byPerson = message.kind === 'retry' || message.kind === 'cancel'
    if (instance.forPerson && instance.fault && !byPerson && message.kind !== 'timer')
      return receiveParked(instance, instance.fault, message, now)
    switch (message.kind) {
      case 'event':
        return onEvent(instance, message.type, message.data, now)
      case 'replied':
        return onReplied(instance, message.step, message.output, now)
      case 'faulted':
        return onFaulted(instance, message.step, message.fault, message.retryable, now)
      case 'timer':
        return onTimer(instance, message.name, now)
      case 'cancel':
        return onCancel(instance, now)
      case 'retry':
        return onRetry(instance, now)
    }
  }

  return {
    start,
    receive: (instance: SagaInstance, message: SagaMessage, now: Instant): Step => {
      const step = receive(instance, message, now)
      return { ...step, instance: { ...step.instance, updatedAt: now } }
    },
  }
}
