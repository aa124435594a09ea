import type { Clock } from '#domain/kernel/clock.ts'
import type { SagaRunner } from './sagas.ts'
import type { SagaStore } from './store.ts'

/** Fires the timers of a service's sagas. Two sweepers may meet: the instance's version lets one of them through. */
export const createTimerSweep = (
  sagas: SagaStore,
  runners: readonly SagaRunner[],
  clock: Clock,
  batch = 100,
): (() => Promise<number>) => {
  const runnerOf = new Map(runners.map((runner) => [runner.definition.name, runner]))
  return async () => {
    const due = await sagas.due(clock.now(), batch)
    for (const { type, key, name } of due) await runnerOf.get(type)?.onTimer(key, name)
    return due.length
  }
}
