import { sql } from 'drizzle-orm'
import type { CourseRunId } from '#domain/kernel/ids.ts'
import { seatChange, type SeatMove } from '#domain/learning/seats.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { courseRuns } from './schema.ts'

const taken = sql`${sql.placeholder('taken')}::int`
const held = sql`${sql.placeholder('held')}::int`
const waiting = sql`${sql.placeholder('waiting')}::int`
const inUse = sql`seats_taken + seats_held`

/** Conditional and without the run's version: many enrollments move seats of one run at once. */
const move = prepareWrite(
  'move seats',
  sql`
  update ${courseRuns}
  set seats_taken = seats_taken + ${taken}, seats_held = seats_held + ${held}, waiting = waiting + ${waiting},
    fullness_changes = fullness_changes + ((${inUse} >= capacity) <> (${inUse} + ${taken} + ${held} >= capacity))::int
  where id = ${sql.placeholder('id')} and seats_taken + ${taken} >= 0 and seats_held + ${held} >= 0
    and waiting + ${waiting} >= 0 and ${inUse} + ${taken} + ${held} <= capacity
    and (waiting + ${waiting} = 0 or ${inUse} + ${taken} + ${held} = capacity)
    and (${waiting} <= 0 or status = 'OPEN')`,
)

/**
 * Registers the moves of one commit as one write. Where no seat is left, one would be free while somebody waits, or
 * somebody would wait in a run that is closed, the handler is run again and finds out.
 */
export const moveSeats = (tx: UnitOfWork, courseRunId: CourseRunId, moves: readonly SeatMove[]): void => {
  if (moves.length > 0) postgresOf(tx).write(move, { id: courseRunId, ...seatChange(moves) })
}
