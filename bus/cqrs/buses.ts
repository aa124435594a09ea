import type { AnyCommandHandler, AnyQueryHandler, Bindable, Bound } from './handler.ts'
import type { Command, Query } from './definitions.ts'
import type { CallContext, Outcome, Pipeline } from './pipeline.ts'
import type { Resolve } from './token.ts'

type Definition = Command | Query

/** Handlers by type. Throws when two handlers claim one definition. */
const register = <D extends Definition>(handlers: readonly Bindable<D>[], resolve: Resolve): Map<string, Bound<D>> => {
  const bound = new Map<string, Bound<D>>()
  for (const handler of handlers) {
    const { type } = handler.definition
    if (bound.has(type)) throw new Error(`Two handlers claim "${type}". help: keep one of them in service.ts.`)
    bound.set(type, handler.bind(resolve))
  }
  return bound
}

const boundTo = <D extends Definition>(handlers: Map<string, Bound<D>>, definition: D): Bound<D> => {
  const bound = handlers.get(definition.type)
  if (!bound) throw new Error(`Nothing handles "${definition.type}". help: list its handler in service.ts.`)
  return bound
}

/** Runs commands and queries of one service by their definition values; dispatch is one map look-up. */
export interface Buses {
  execute(definition: Command, input: unknown, call: CallContext): Promise<Outcome<unknown>>
  ask(definition: Query, input: unknown, call: CallContext): Promise<Outcome<unknown>>
  readonly definitions: readonly Definition[]
}

export const createBuses = (
  pipeline: Pipeline,
  commands: readonly AnyCommandHandler[],
  queries: readonly AnyQueryHandler[],
  resolve: Resolve,
): Buses => {
  const commandHandlers = register(commands, resolve)
  const queryHandlers = register(queries, resolve)
  return {
    execute: (definition, input, call) => boundTo(commandHandlers, definition).execute(pipeline, input, call),
    ask: (definition, input, call) => boundTo(queryHandlers, definition).execute(pipeline, input, call),
    definitions: [...commands, ...queries].map(({ definition }) => definition),
  }
}
