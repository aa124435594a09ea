import type { CourseRunId } from '../kernel/ids.ts'
import { RunFull, SeatNotCounted } from './errors.ts'

/** The seat counters of a run; taken + held <= capacity, always. */
export interface Seats {
  readonly capacity: number
  readonly seatsTaken: number
  readonly seatsHeld: number
}

/** What an enrollment occupies. */
export type Seat = 'none' | 'held' | 'taken'

/** One step of the counters; `take` turns a held seat into a taken one. Stores do the same as a conditional update. */
export type SeatMove = 'hold' | 'take' | 'release_held' | 'release_taken'

export const seatsLeft = ({ capacity, seatsTaken, seatsHeld }: Seats): number => capacity - seatsTaken - seatsHeld

const MOVES: Readonly<Record<Seat, Readonly<Record<Seat, readonly SeatMove[]>>>> = {
  none: { none: [], held: ['hold'], taken: ['hold', 'take'] },
  held: { none: ['release_held'], held: [], taken: ['take'] },
  taken: { none: ['release_taken'], held: ['release_taken', 'hold'], taken: [] },
}

/** The moves that lead from one occupation to another. */
export const seatMoves = (from: Seat, to: Seat): readonly SeatMove[] => MOVES[from][to]

/** How each move changes the counters. */
export const SEAT_CHANGES: Readonly<Record<SeatMove, { readonly taken: number; readonly held: number }>> = {
  hold: { taken: 0, held: 1 },
  take: { taken: 1, held: -1 },
  release_held: { taken: 0, held: -1 },
  release_taken: { taken: -1, held: 0 },
}

/** The counters after a move. Throws `RunFull` when none is free to hold, `SeatNotCounted` when none is there to give. */
export const moveSeat = <S extends Seats & { readonly id: CourseRunId }>(run: S, move: SeatMove): S => {
  const { taken, held } = SEAT_CHANGES[move]
  const moved = { ...run, seatsTaken: run.seatsTaken + taken, seatsHeld: run.seatsHeld + held }
  if (moved.seatsTaken < 0 || moved.seatsHeld < 0) throw SeatNotCounted(run.id, move)
  if (seatsLeft(moved) < 0) throw RunFull(run.id)
  return moved
}
