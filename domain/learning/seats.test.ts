import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RunFull, RunNotFull, SeatNotCounted } from './errors.ts'
import { exampleIds } from './examples.ts'
import { moveSeats, type Seat, type SeatMove, seatMoves, seatsFreed, seatsLeft } from './seats.ts'

const empty = { id: exampleIds.next('run'), capacity: 3, seatsTaken: 0, seatsHeld: 0, waiting: 0 }
const full = { ...empty, seatsTaken: 3, waiting: 1 }
const MOVES: readonly SeatMove[] = ['hold', 'take', 'release_held', 'release_taken', 'join', 'leave', 'promote']

test('a held seat becomes a taken one', () => {
  const run = moveSeats(moveSeats(empty, ['hold']), ['take'])
  expect(run).toEqual({ ...empty, seatsTaken: 1 })
  expect(seatsLeft(run)).toBe(2)
})

describe('while somebody waits', () => {
  test('a seat becomes free only together with a promotion', () => {
    expect(() => moveSeats(full, ['release_taken'])).toThrow(RunNotFull(full.id))
    expect(moveSeats(full, ['release_taken', 'promote'])).toEqual({ ...full, seatsTaken: 2, seatsHeld: 1, waiting: 0 })
  })

  test('nobody else holds a seat', () => {
    expect(() => moveSeats(full, ['hold'])).toThrow(RunFull(full.id))
  })
})

test('nobody waits for a seat that is free', () => {
  expect(() => moveSeats(empty, ['join'])).toThrow(RunNotFull(empty.id))
})

test('moves of one commit count together', () => {
  expect(seatsFreed(['release_taken'])).toBe(1)
  expect(seatsFreed(['release_held', 'hold'])).toBe(0)
  expect(seatsFreed(['hold'])).toBe(0)
})

/** The run after moves, or as it was where they are refused. */
const tried = (run: typeof empty, moves: readonly SeatMove[]): typeof empty => {
  try {
    return moveSeats(run, moves)
  } catch (error) {
    if (RunFull.is(error) || RunNotFull.is(error) || SeatNotCounted.is(error)) return run
    throw error
  }
}

test('the counters stay within the capacity and above zero, and full while somebody waits, whatever is tried', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.constantFrom(...MOVES), { minLength: 1, maxLength: 3 }), { maxLength: 40 }),
      (commits) => {
        let run = empty
        for (const moves of commits) {
          run = tried(run, moves)
          expect(Math.min(run.seatsTaken, run.seatsHeld, run.waiting, seatsLeft(run))).toBeGreaterThanOrEqual(0)
          expect(run.waiting > 0 && seatsLeft(run) > 0).toBe(false)
        }
      },
    ),
  )
})

describe('the moves from one occupation to another', () => {
  const counters = { none: [0, 0, 0], waiting: [0, 0, 1], held: [0, 1, 0], taken: [1, 0, 0] } as const
  const seats: readonly Seat[] = ['none', 'waiting', 'held', 'taken']
  const pairs = seats.flatMap((from) => seats.map((to) => [from, to] as const))

  test.each(pairs)('lead from %s to %s', (from, to) => {
    const [taken, held, waiting] = counters[from]
    // Of a run that others have filled but for what this one occupies, as far as it waits or would wait.
    const others = [from, to].includes('waiting') ? 3 - taken - held : 0
    const before = { ...empty, seatsTaken: others + taken, seatsHeld: held, waiting }
    const freed = from === 'waiting' && (to === 'held' || to === 'taken') ? (['release_taken'] as const) : []
    const filled = to === 'waiting' && (from === 'held' || from === 'taken') ? (['hold'] as const) : []
    const after = moveSeats(before, [...freed, ...seatMoves(from, to), ...filled])
    expect([after.seatsTaken - others + freed.length, after.seatsHeld - filled.length, after.waiting]).toEqual([
      ...counters[to],
    ])
  })
})
