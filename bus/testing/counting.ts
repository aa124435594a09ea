import { Counted, ORIGIN, type TestProcess } from './fixture.ts'
import type { Clock } from '#domain/kernel/clock.ts'
import { runInUnitOfWork } from '../unit-of-work/run.ts'

/** Counts `id` up in one unit of work and tells of it under its key, as a service does with an aggregate. */
export const countUp = ({ store, counters }: TestProcess, clock: Clock, id: string): Promise<number> =>
  runInUnitOfWork(store, clock, ORIGIN, async (tx) => {
    const version = await counters.version(id)
    counters.save(tx, id, version)
    tx.publish(Counted, { n: version + 1 }, id)
    return version + 1
  })
