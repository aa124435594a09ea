import type { CourseRunId } from '#domain/kernel/ids.ts'
import { RunFull, RunNotFull, SeatNotCounted } from '#domain/learning/errors.ts'
import { moveSeats as moved, seatChange, type SeatMove } from '#domain/learning/seats.ts'
import { memoryOf } from '#bus/memory/store.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type { LearningState } from './state.ts'

/** Registers the moves of one commit as one conditional write; the run's version stays. */
export const moveSeats = (
  tx: UnitOfWork,
  { runs }: LearningState,
  courseRunId: CourseRunId,
  moves: readonly SeatMove[],
): void => {
  if (moves.length === 0) return
  const next = () => {
    const stored = runs.get(courseRunId)
    if (!stored || (stored.state.status === 'CLOSED' && seatChange(moves).waiting > 0)) return undefined
    try {
      return { ...stored, state: moved(stored.state, moves) }
    } catch (error) {
      if (RunFull.is(error) || RunNotFull.is(error) || SeatNotCounted.is(error)) return undefined
      throw error
    }
  }
  memoryOf(tx).write({
    name: 'move seats',
    check: () => next() !== undefined,
    apply: () => {
      const run = next()
      if (run) runs.set(courseRunId, run)
    },
  })
}
