import { addMs, type Clock, type Instant } from '#domain/kernel/clock.ts'

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  advance(ms: number): void
}

export const createManualClock = (start: Instant = '2026-03-01T12:00:00.000Z'): ManualClock => {
  let now = start
  return {
    now: () => now,
    advance: (ms) => {
      now = addMs(now, ms)
    },
  }
}
