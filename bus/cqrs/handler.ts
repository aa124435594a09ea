import type { CommandContext, QueryContext } from './context.ts'
import type { Command, Query } from './definitions.ts'
import type { CallContext, Outcome, Pipeline } from './pipeline.ts'
import { type Dependencies, type Resolve, type Resolved, resolveAll } from './token.ts'

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
