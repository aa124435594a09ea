import type { CourseRunId } from '#domain/kernel/ids.ts'
import { SEAT_CHANGES, type SeatMove, type Seats, seatsLeft } from '#domain/learning/seats.ts'
import { memoryOf } from '#bus/memory/store.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type { LearningState } from './state.ts'

/** Registers the moves of one enrollment as one conditional write; the run's version stays. */
export const moveSeats = (
  tx: UnitOfWork,
  { runs }: LearningState,
  courseRunId: CourseRunId,
  moves: readonly SeatMove[],
): void => {
  if (moves.length === 0) return
  const moved = () => {
    const stored = runs.get(courseRunId)
    if (!stored) return undefined
    const { seatsTaken, seatsHeld } = moves.reduce<Pick<Seats, 'seatsTaken' | 'seatsHeld'>>(
      (seats, move) => ({
        seatsTaken: seats.seatsTaken + SEAT_CHANGES[move].taken,
        seatsHeld: seats.seatsHeld + SEAT_CHANGES[move].held,
      }),
      stored.state,
    )
    const state = { ...stored.state, seatsTaken, seatsHeld }
    return seatsTaken < 0 || seatsHeld < 0 || seatsLeft(state) < 0 ? undefined : { ...stored, state }
  }
  memoryOf(tx).write({
    name: 'move a seat',
    check: () => moved() !== undefined,
    apply: () => {
      const next = moved()
      if (next) runs.set(courseRunId, next)
    },
  })
}
