import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RunFull, SeatNotCounted } from './errors.ts'
import { exampleIds } from './examples.ts'
import { moveSeat, type Seat, type SeatMove, seatMoves, seatsLeft } from './seats.ts'

const empty = { id: exampleIds.next('run'), capacity: 3, seatsTaken: 0, seatsHeld: 0 }
const MOVES: readonly SeatMove[] = ['hold', 'take', 'release_held', 'release_taken']

test('a held seat becomes a taken one', () => {
  const run = moveSeat(moveSeat(empty, 'hold'), 'take')
  expect(run).toEqual({ ...empty, seatsTaken: 1 })
  expect(seatsLeft(run)).toBe(2)
})

/** The run after a move, or as it was where the move is refused. */
const tried = (run: typeof empty, move: SeatMove): typeof empty => {
  try {
    return moveSeat(run, move)
  } catch (error) {
    if (RunFull.is(error) || SeatNotCounted.is(error)) return run
    throw error
  }
}

test('the counters stay within the capacity and above zero, whatever is tried', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...MOVES), { maxLength: 40 }), (moves) => {
      let run = empty
      for (const move of moves) {
        run = tried(run, move)
        expect(Math.min(run.seatsTaken, run.seatsHeld, seatsLeft(run))).toBeGreaterThanOrEqual(0)
      }
    }),
  )
})

describe('the moves from one occupation to another', () => {
  const seats: readonly Seat[] = ['none', 'held', 'taken']
  const counters = { none: [0, 0], held: [0, 1], taken: [1, 0] } as const
  const pairs = seats.flatMap((from) => seats.map((to) => [from, to] as const))

  test.each(pairs)('lead from %s to %s', (from, to) => {
    const [seatsTaken, seatsHeld] = counters[from]
    const run = seatMoves(from, to).reduce((before, move) => moveSeat(before, move), {
      ...empty,
      seatsTaken,
      seatsHeld,
    })
    expect([run.seatsTaken, run.seatsHeld]).toEqual(counters[to])
  })
})
