import { and, eq, getTableColumns, inArray, sql } from 'drizzle-orm'
import { Enrollment } from '#domain/learning/enrollment.ts'
import type { Database } from '#bus/postgres/database.ts'
import type { SeatsOfPerson } from '../../enrollment-ports.ts'
import { grantsOf, stateOf } from './enrollment-rows.ts'
import { enrollments, waitlistEntries } from './schema.ts'
import { entryColumns, entryOf, isLive } from './waitlist.ts'

const value = (name: string) => sql.placeholder(name)

export const createPostgresSeatsOfPerson = ({ drizzle: db }: Database): SeatsOfPerson => {
  const seats = db
    .select({ ...getTableColumns(enrollments), grants: grantsOf })
    .from(enrollments)
    .where(and(eq(enrollments.studentId, value('userId')), inArray(enrollments.status, ['PENDING', 'ACTIVE'])))
    .prepare('seats_of_person')
  const places = db
    .select(entryColumns)
    .from(waitlistEntries)
    .where(and(eq(waitlistEntries.studentId, value('userId')), isLive))
    .prepare('waitlist_places_of_person')
  return {
    seats: async (userId) =>
      (await seats.execute({ userId })).map((row) => Enrollment.restore(stateOf(row), row.version)),
    places: async (userId) => (await places.execute({ userId })).map(entryOf),
  }
}
