import type { Clock } from '#domain/kernel/clock.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import type { IdempotencyRecords } from '../idempotency/idempotency.ts'
import type { Store } from '../unit-of-work/store.ts'
import { runInUnitOfWork } from '../unit-of-work/run.ts'
import { IdempotencyRace, isRefusal, type Origin } from '../unit-of-work/unit-of-work.ts'
import type { Actor } from './actor.ts'
import type { Command, Query, RequiredScope } from './definitions.ts'
import { Forbidden, IdempotencyKeyMissing, invalidInput, Unauthenticated } from './errors.ts'
import type { CommandContext, QueryContext } from './context.ts'
import type { LocalEvents } from './local-events.ts'

/** One call as it enters the pipeline. */
export interface CallContext {
  readonly actor: Actor
  readonly origin: Origin
  /** The caller's Idempotency-Key. */
  readonly idempotencyKey?: string | undefined
}

/** A handler's answer; `replayed` when it is the stored answer of an earlier call. */
export interface Outcome<Out> {
  readonly output: Out
  readonly replayed: boolean
}

/**
 * Runs `work`, which may throw at once, inside a span and rejects when it fails; the default runs it as it is. `work` is
 * given the origin of the span, which is that of the call where nothing is traced.
 */
export type Trace = <T>(name: string, origin: Origin, work: (origin: Origin) => Promise<T>) => Promise<T>

export interface PipelineParts {
  readonly store: Store
  readonly idempotency: IdempotencyRecords
  readonly local: LocalEvents
  readonly clock: Clock
  readonly ids: Ids
  readonly trace?: Trace
}

/** The way of every command and query, in one order: trace, authorize, validate, idempotency, transaction. */
export interface Pipeline {
  command<In, Out>(
    definition: Command<In, Out>,
    execute: (context: CommandContext<In>) => Promise<Out>,
    input: unknown,
    call: CallContext,
  ): Promise<Outcome<Out>>
  query<In, Out>(
    definition: Query<In, Out>,
    execute: (context: QueryContext<In>) => Promise<Out>,
    input: unknown,
    call: CallContext,
  ): Promise<Outcome<Out>>
}

const authorize = (scope: RequiredScope, actor: Actor): void => {
  if (scope === 'public' || actor.kind === 'service') return
  if (actor.kind === 'anonymous') throw Unauthenticated()
  if (!actor.scopes.has(scope)) throw Forbidden(scope)
}

const validate = <In>(definition: Command<In> | Query<In>, input: unknown): In => {
  const parsed = definition.input.safeParse(input)
  if (!parsed.success) throw invalidInput(parsed.error)
  return parsed.data
}

export const createPipeline = (parts: PipelineParts): Pipeline => {
  const { store, idempotency, local, clock, ids } = parts
  const trace: Trace = parts.trace ?? (async (_name, origin, work) => await work(origin))

  const inTransaction = <In, Out>(
    execute: (context: CommandContext<In>) => Promise<Out>,
    input: In,
    { actor, origin }: CallContext,
    record?: (tx: ReturnType<Store['begin']>, output: Out) => void,
  ): Promise<Outcome<Out>> =>
    runInUnitOfWork(store, clock, origin, async (tx) => {
      const output = await execute({ input, actor, tx, ids, now: tx.now })
      const published = local.publish(tx)
      if (published) await published
      record?.(tx, output)
      return { output, replayed: false }
    })

  /** Answers once under the key. Throws `IdempotencyRace` when another process has answered meanwhile. */
  const answer = async <In, Out>(
    definition: Command<In, Out>,
    execute: (context: CommandContext<In>) => Promise<Out>,
    input: In,
    call: CallContext,
  ): Promise<Outcome<Out>> => {
    if (!call.idempotencyKey) throw IdempotencyKeyMissing()
    const entry = await idempotency.open(definition, call.idempotencyKey, call.actor, input)
    try {
      if (entry.stored) return { output: definition.output.parse(entry.stored()), replayed: true }
      return await inTransaction(execute, input, call, (tx, output) => entry.record(tx, output))
    } catch (error) {
      // A definite refusal is an answer too: the same key gets it again.
      if (isRefusal(error) && !entry.stored) await entry.recordRefusal(error, call.origin)
      throw error
    } finally {
      entry.close()
    }
  }

  /** The loser of a race finds the winner's answer under the key. */
  const once = async <In, Out>(
    definition: Command<In, Out>,
    execute: (context: CommandContext<In>) => Promise<Out>,
    input: In,
    call: CallContext,
  ): Promise<Outcome<Out>> => {
    try {
      return await answer(definition, execute, input, call)
    } catch (error) {
      if (error instanceof IdempotencyRace) return answer(definition, execute, input, call)
      throw error
    }
  }

  return {
    command: (definition, execute, input, call) =>
      trace(definition.type, call.origin, (origin) => {
        authorize(definition.scope, call.actor)
        const valid = validate(definition, input)
        const within = origin === call.origin ? call : { ...call, origin }
        return definition.idempotent ? once(definition, execute, valid, within) : inTransaction(execute, valid, within)
      }),
    query: (definition, execute, input, call) =>
      trace(definition.type, call.origin, async () => {
        authorize(definition.scope, call.actor)
        const valid = validate(definition, input)
        return { output: await execute({ input: valid, actor: call.actor, now: clock.now() }), replayed: false }
      }),
  }
}
