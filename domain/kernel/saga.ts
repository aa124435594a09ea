import type { z } from 'zod'
import type { Instant } from './clock.ts'
import type { DomainEvent, EventDefinition } from './event.ts'
import type { MessageDefinition } from './message.ts'

/** running and compensating move on by messages; parked waits for a person; the others are final. */
export type SagaStatus = 'running' | 'compensating' | 'parked' | 'completed' | 'compensated' | 'cancelled' | 'failed'

/** What a handler knows beside state and message. */
export interface SagaContext {
  /** `CourseEnrollment:enr_...`: type and business key, so that a retry can never start a second instance. */
  readonly sagaId: string
  readonly key: string
  readonly now: Instant
  readonly status: SagaStatus
}

/** A request that a saga sends; its answer comes back as a message under the name of the step. */
export interface SagaRequest {
  readonly step: string
  readonly message: MessageDefinition
  readonly input: unknown
}

/** The refusal that a faulted step is told of. */
export interface SagaFault {
  readonly code: string
  readonly detail: string
}

/** What a handler decides: data only, carried out by the runner in one transaction. */
export interface Decision<State> {
  /** Fields of the state to replace. */
  readonly set?: Partial<State>
  readonly send?: readonly SagaRequest[]
  readonly publish?: readonly DomainEvent[]
  /** Timers to arm (milliseconds from now) or to cancel, by name. */
  readonly timers?: Readonly<Record<string, number | 'cancel'>>
  /** Compensations to push, by name; on failure before the pivot they run in reverse. */
  readonly push?: readonly string[]
  /** Ends the saga well. */
  readonly done?: true
  /** Ends it badly: compensates before the pivot, ends as `failed` after it. */
  readonly fail?: SagaFault
  /**
   * Waits for a person, visibly, where no message can help; also after its end. Decided on a decline, it keeps the
   * request, which a retry sends anew.
   */
  readonly park?: SagaFault
}

// Method types, so that sagas over any state fit one list: the runner parses a stored state by the saga's own schema
// before it hands it back to that saga.
type Decide<State, Message> = {
  decide(state: State, message: Message, context: SagaContext): Decision<State>
}['decide']

type DecideOnTime<State> = { decide(state: State, context: SagaContext): Decision<State> }['decide']

/** An event that concerns sagas of one type. */
export interface SagaEventHandler<State> {
  readonly event: EventDefinition
  /** The business key of the instance, or undefined when the event is none of this saga's business. */
  readonly key: (data: unknown) => string | undefined
  readonly running: Decide<State, unknown>
  readonly late: Decide<State, unknown>
}

/** What to do with the answer to one step. */
export interface SagaReplyHandler<State> {
  readonly step: string
  readonly message: MessageDefinition
  readonly replied: Decide<State, unknown>
  readonly faulted: Decide<State, SagaFault>
}

/** The undo of a step: a request, idempotent and retried until it is answered. */
export interface SagaCompensation<State> {
  readonly name: string
  request(state: State, context: SagaContext): SagaRequest
  readonly replied: Decide<State, unknown>
}

/** A saga as data: pure functions from (state, message) to a decision. */
export interface SagaDefinition<State = unknown> {
  readonly name: string
  readonly version: number
  readonly state: z.ZodType<State>
  /** Milliseconds after its start by which an instance ends or is parked. */
  readonly deadlineMs: number
  /** The step whose sending is the point of no return. */
  readonly pivot: string
  readonly start: DecideOnTime<State>
  readonly events: readonly SagaEventHandler<State>[]
  readonly replies: readonly SagaReplyHandler<State>[]
  readonly timers: Readonly<Record<string, DecideOnTime<State>>>
  readonly compensations: readonly SagaCompensation<State>[]
}

/** Makes typed parts of a saga over `State`; each parses its message, so that handlers see only what the contract says. */
export interface SagaParts<State> {
  event<Data>(
    definition: EventDefinition<Data>,
    handler: {
      key: (data: Data) => string | undefined
      running: Decide<State, Data>
      /** For an instance that has ended or is being undone; ignored when absent. */
      late?: Decide<State, Data>
    },
  ): SagaEventHandler<State>
  reply<In, Out>(
    step: string,
    message: MessageDefinition<In, Out>,
    handler: { replied: Decide<State, Out>; faulted: Decide<State, SagaFault> },
  ): SagaReplyHandler<State>
  compensation<In, Out>(
    name: string,
    message: MessageDefinition<In, Out>,
    undo: { input: (state: State, context: SagaContext) => In; replied?: Decide<State, Out> },
  ): SagaCompensation<State>
}

const parts = <State>(): SagaParts<State> => ({
  event: (definition, { key, running, late }) => ({
    event: definition,
    key: (data) => key(definition.data.parse(data)),
    running: (state, data, context) => running(state, definition.data.parse(data), context),
    late: (state, data, context) => (late ? late(state, definition.data.parse(data), context) : {}),
  }),
  reply: (step, message, { replied, faulted }) => ({
    step,
    message,
    replied: (state, output, context) => replied(state, message.output.parse(output), context),
    faulted,
  }),
  compensation: (name, message, { input, replied }) => ({
    name,
    request: (state, context) => ({ step: name, message, input: input(state, context) }),
    replied: (state, output, context) => (replied ? replied(state, message.output.parse(output), context) : {}),
  }),
})

/** One request of a saga. Its idempotency key is `sagaId:step`, kept over every retry. */
export const request = <In, Out>(
  step: string,
  message: MessageDefinition<In, Out>,
  input: NoInfer<In>,
): SagaRequest => ({
  step,
  message,
  input,
})

/** Declares a saga; the second argument gets the typed makers of its parts. */
export const defineSaga = <State>(
  options: Pick<SagaDefinition<State>, 'name' | 'version' | 'state' | 'deadlineMs' | 'pivot'>,
  behaviour: (
    on: SagaParts<State>,
  ) => Pick<SagaDefinition<State>, 'start' | 'events' | 'replies' | 'timers' | 'compensations'>,
): SagaDefinition<State> => ({ ...options, ...behaviour(parts<State>()) })

/** The id of an instance: deterministic, `type:key`. */
export const sagaIdOf = (definition: Pick<SagaDefinition, 'name'>, key: string): string => `${definition.name}:${key}`
