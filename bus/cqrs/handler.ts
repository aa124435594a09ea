import type { Instant } from '#domain/kernel/clock.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts'
import type { Actor } from './actor.ts'
import type { Command, Query } from './definitions.ts'
import type { CallContext, Outcome, Pipeline } from './pipeline.ts'
import { type Dependencies, type Resolve, type Resolved, resolveAll } from './token.ts'

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

/** A definition with its dependencies resolved. */
export interface Bound<Definition> {
  readonly definition: Definition
  execute(pipeline: Pipeline, input: unknown, call: CallContext): Promise<Outcome<unknown>>
}

/** A handler as a service lists it, whatever its types. */
export interface Bindable<Definition> {
  readonly definition: Definition
  bind(resolve: Resolve): Bound<Definition>
}

export type AnyCommandHandler = Bindable<Command>
export type AnyQueryHandler = Bindable<Query>

interface CommandHandler<In, Out, D extends Dependencies> extends Bindable<Command<In, Out>> {
  /** The handler itself; tests call it with fakes. */
  readonly run: (context: CommandContext<In>, dependencies: Resolved<D>) => Promise<Out>
}

interface QueryHandler<In, Out, D extends Dependencies> extends Bindable<Query<In, Out>> {
  readonly run: (context: QueryContext<In>, dependencies: Resolved<D>) => Promise<Out>
}

/**
 * The one handler of a command. It loads, decides, saves, answers.
 * @example
 * export const publishCourse = handler(PublishCourse, { courses: Courses }, async ({ input, tx }, { courses }) => ...)
 */
export const handler = <In, Out, D extends Dependencies>(
  definition: Command<In, Out>,
  dependencies: D,
  run: (context: CommandContext<In>, dependencies: Resolved<D>) => Promise<Out>,
): CommandHandler<In, Out, D> => ({
  definition,
  run,
  bind: (resolve) => {
    const resolved = resolveAll(dependencies, resolve)
    const execute = (context: CommandContext<In>) => run(context, resolved)
    return { definition, execute: (pipeline, input, call) => pipeline.command(definition, execute, input, call) }
  },
})

/** The one handler of a query. It answers from SQL, never from aggregates. */
export const queryHandler = <In, Out, D extends Dependencies>(
  definition: Query<In, Out>,
  dependencies: D,
  run: (context: QueryContext<In>, dependencies: Resolved<D>) => Promise<Out>,
): QueryHandler<In, Out, D> => ({
  definition,
  run,
  bind: (resolve) => {
    const resolved = resolveAll(dependencies, resolve)
    const execute = (context: QueryContext<In>) => run(context, resolved)
    return { definition, execute: (pipeline, input, call) => pipeline.query(definition, execute, input, call) }
  },
})
