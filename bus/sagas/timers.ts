import type { Clock } from '#domain/kernel/clock.ts'
import { Unavailable } from '../cqrs/errors.ts'
import { sagaIdOf } from '#domain/kernel/saga.ts'
import type { InSpan } from '../tracing.ts'
import type { SagaRunner } from './sagas.ts'
import type { DueTimer, SagaStore } from './store.ts'

/** A firing continues the trace of the step that armed it. */
const fire = (runner: SagaRunner, { key, name, traceparent }: DueTimer, inSpan: InSpan | undefined): Promise<void> => {
  const { definition } = runner
  const origin = { correlationId: sagaIdOf(definition, key), traceparent }
  if (!inSpan) return runner.onTimer(key, name, origin)
  const span = {
    kind: 'consumer',
    name: `timer ${definition.name}.${name}`,
    attributes: { 'edtech.key': key },
  } as const
  return inSpan(span, origin, (within) => runner.onTimer(key, name, within))
}

/**
 * Fires the timers of a service's sagas and returns how many. Two sweepers may meet: the instance's version lets one of
 * them through. One that fails holds no other back: the sweep throws an AggregateError when it is through, and the next
 * one looks past it, as past those of sagas that this release does not know.
 */
export const createTimerSweep = (
  sagas: SagaStore,
  runners: readonly SagaRunner[],
  clock: Clock,
  inSpan?: InSpan,
  batch = 100,
): (() => Promise<number>) => {
  const runnerOf = new Map(runners.map((runner) => [runner.definition.name, runner]))
  /** Timers that the last sweep left as they were: the longest overdue, they come first again. */
  let stuck = 0
  return async () => {
    const failures: unknown[] = []
    const due = await sagas.due(clock.now(), batch + stuck)
    let fired = 0
    for (const timer of due) {
      const runner = runnerOf.get(timer.type)
      if (!runner) continue
      try {
        await fire(runner, timer, inSpan)
        fired++
      } catch (error) {
        if (Unavailable.is(error)) throw error
        failures.push(error)
      }
    }
    stuck = due.length - fired
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} timers of sagas failed.`)
    return fired
  }
}
