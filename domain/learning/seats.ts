import type { CourseRunId } from '../kernel/ids.ts'
import { RunFull, RunNotFull, SeatNotCounted } from './errors.ts'

/** The seat counters of a run; taken + held <= capacity, always, and equal to it while somebody waits. */
export interface Seats {
  readonly capacity: number
  readonly seatsTaken: number
  /** For enrollments that are being paid, and for learners who were promoted from the waitlist. */
  readonly seatsHeld: number
  /** Learners on the waitlist who have no seat yet. */
  readonly waiting: number
}

/** What an enrollment, or an entry of the waitlist, occupies. */
export type Seat = 'none' | 'waiting' | 'held' | 'taken'

/**
 * One step of the counters; `take` turns a held seat into a taken one, `promote` gives a free one to who waits. Stores do
 * the same as a conditional update.
 */
export type SeatMove = 'hold' | 'take' | 'release_held' | 'release_taken' | 'join' | 'leave' | 'promote'

export const seatsLeft = ({ capacity, seatsTaken, seatsHeld }: Omit<Seats, 'waiting'>): number =>
  capacity - seatsTaken - seatsHeld

const MOVES: Readonly<Record<Seat, Readonly<Record<Seat, readonly SeatMove[]>>>> = {
  none: { none: [], waiting: ['join'], held: ['hold'], taken: ['hold', 'take'] },
  waiting: { none: ['leave'], waiting: [], held: ['promote'], taken: ['promote', 'take'] },
  held: { none: ['release_held'], waiting: ['release_held', 'join'], held: [], taken: ['take'] },
  taken: { none: ['release_taken'], waiting: ['release_taken', 'join'], held: ['release_taken', 'hold'], taken: [] },
}

/** The moves that lead from one occupation to another. */
export const seatMoves = (from: Seat, to: Seat): readonly SeatMove[] => MOVES[from][to]

interface SeatChange {
  readonly taken: number
  readonly held: number
  readonly waiting: number
}

const SEAT_CHANGES: Readonly<Record<SeatMove, SeatChange>> = {
  hold: { taken: 0, held: 1, waiting: 0 },
  take: { taken: 1, held: -1, waiting: 0 },
  release_held: { taken: 0, held: -1, waiting: 0 },
  release_taken: { taken: -1, held: 0, waiting: 0 },
  join: { taken: 0, held: 0, waiting: 1 },
  leave: { taken: 0, held: 0, waiting: -1 },
  promote: { taken: 0, held: 1, waiting: -1 },
}

/** How the moves change the counters together. */
export const seatChange = (moves: readonly SeatMove[]): SeatChange =>
  moves.reduce(
    ({ taken, held, waiting }, move) => {
      const step = SEAT_CHANGES[move]
      return { taken: taken + step.taken, held: held + step.held, waiting: waiting + step.waiting }
    },
    { taken: 0, held: 0, waiting: 0 },
  )

/** How many seats the moves set free. */
export const seatsFreed = (moves: readonly SeatMove[]): number => {
  const { taken, held } = seatChange(moves)
  return Math.max(0, -taken - held)
}

/**
 * The counters after moves of one commit. Throws `RunFull` when no seat is free to hold, `RunNotFull` when a free one
 * would be left while somebody waits, `SeatNotCounted` when there is none to give.
 */
export const moveSeats = <S extends Seats & { readonly id: CourseRunId }>(run: S, moves: readonly SeatMove[]): S => {
  const { taken, held, waiting } = seatChange(moves)
  const moved = {
    ...run,
    seatsTaken: run.seatsTaken + taken,
    seatsHeld: run.seatsHeld + held,
    waiting: run.waiting + waiting,
  }
  if (moved.seatsTaken < 0 || moved.seatsHeld < 0 || moved.waiting < 0) throw SeatNotCounted(run.id, moves.join(', '))
  const left = seatsLeft(moved)
  if (left < 0) throw RunFull(run.id)
  if (left > 0 && moved.waiting > 0) throw RunNotFull(run.id)
  return moved
}
