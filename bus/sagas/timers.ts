import type { Clock } from '#domain/kernel/clock.ts'
import { Unavailable } from '../cqrs/errors.ts'
import type { SagaRunner } from './sagas.ts'
import type { SagaStore } from './store.ts'

/**
 * Fires the timers of a service's sagas and returns how many. Two sweepers may meet: the instance's version lets one of
 * them through. One that fails holds no other back: the sweep throws an AggregateError when it is through, and the next
 * one looks past it, as past those of sagas that this release does not know.
 */
export const createTimerSweep = (
  sagas: SagaStore,
  runners: readonly SagaRunner[],
  clock: Clock,
  batch = 100,
): (() => Promise<number>) => {
  const runnerOf = new Map(runners.map((runner) => [runner.definition.name, runner]))
  /** Timers that the last sweep left as they were: the longest overdue, they come first again. */
  let stuck = 0
  return async () => {
    const failures: unknown[] = []
    const due = await sagas.due(clock.now(), batch + stuck)
    let fired = 0
    for (const { type, key, name } of due) {
      const runner = runnerOf.get(type)
      if (!runner) continue
      try {
        await runner.onTimer(key, name)
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
