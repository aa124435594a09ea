import { sql } from 'drizzle-orm'
import type { CourseRunId } from '#domain/kernel/ids.ts'
import { SEAT_CHANGES, type SeatMove } from '#domain/learning/seats.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { courseRuns } from './schema.ts'

const taken = sql`${sql.placeholder('taken')}::int`
const held = sql`${sql.placeholder('held')}::int`
const inUse = sql`seats_taken + seats_held`

/** Conditional and without the run's version: many enrollments move seats of one run at once. */
const move = prepareWrite(
  'move a seat',
  sql`
  update ${courseRuns}
  set seats_taken = seats_taken + ${taken}, seats_held = seats_held + ${held},
    fullness_changes = fullness_changes + ((${inUse} >= capacity) <> (${inUse} + ${taken} + ${held} >= capacity))::int
  where id = ${sql.placeholder('id')} and seats_taken + ${taken} >= 0 and seats_held + ${held} >= 0
    and ${inUse} + ${taken} + ${held} <= capacity`,
)

/** Registers the moves of one enrollment as one write; where no seat is left, the handler is run again and finds out. */
export const moveSeats = (tx: UnitOfWork, courseRunId: CourseRunId, moves: readonly SeatMove[]): void => {
  if (moves.length === 0) return
  const change = { taken: 0, held: 0 }
  for (const step of moves) {
    change.taken += SEAT_CHANGES[step].taken
    change.held += SEAT_CHANGES[step].held
  }
  postgresOf(tx).write(move, { id: courseRunId, ...change })
}
