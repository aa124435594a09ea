import type { Clock } from '#domain/kernel/clock.ts'

export interface PeriodicWork {
  readonly name: string
  readonly everyMs: number
  readonly run: () => Promise<void>
}

export interface ScheduleOptions {
  /** Carries what is in the outbox until then. */
  readonly relay: (untilMs: number) => Promise<void>
  /** One pass over due timers; returns how many there were. */
  readonly timers: () => Promise<number>
  readonly periodic: readonly PeriodicWork[]
  readonly clock: Clock
  readonly onFailure: (work: string, error: unknown) => void
}

/**
 * What the loops of a container do, done once: what requests have left in the outbox, due timers, and the work whose
 * interval is over. As in a container, a copy that has just started owes all of it. Nothing is begun when the time is
 * over; what failed holds nothing else up, and the event fails when it is through.
 */
export const createSchedule = ({ relay, timers, periodic, clock, onFailure }: ScheduleOptions) => {
  const doneAtMs = new Map<string, number>()

  const fireTimers = async (untilMs: number): Promise<void> => {
    while ((await timers()) > 0 && performance.now() < untilMs);
  }

  const isDue = ({ name, everyMs }: PeriodicWork): boolean =>
    Date.parse(clock.now()) - (doneAtMs.get(name) ?? Number.NEGATIVE_INFINITY) >= everyMs

  return async (leftMs: number): Promise<void> => {
    const untilMs = performance.now() + leftMs
    const failed: string[] = []
    const attempt = async (work: string, run: () => Promise<void>): Promise<void> => {
      if (performance.now() >= untilMs) return
      try {
        await run()
      } catch (error) {
        failed.push(work)
        onFailure(work, error)
      }
    }

    await attempt('relay', () => relay(untilMs))
    await attempt('timers', () => fireTimers(untilMs))
    for (const work of periodic.filter(isDue))
      await attempt(work.name, async () => {
        const startedAtMs = Date.parse(clock.now())
        await work.run()
        doneAtMs.set(work.name, startedAtMs)
      })
    // Timers and jobs have written messages as well.
    await attempt('relay', () => relay(untilMs))
    if (failed.length > 0) throw new Error(`Failed: ${failed.join(', ')}.`)
  }
}
