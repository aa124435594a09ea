import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Database } from '#bus/postgres/database.ts'
import type { AccessQueries } from '../../enrollment-ports.ts'
import { Grants, grantsOf } from './enrollment-rows.ts'
import { enrollments } from './schema.ts'

const value = (name: string) => sql.placeholder(name)

export const createPostgresAccess = ({ drizzle: db }: Database): AccessQueries => {
  const places = db
    .select({ enrollmentId: enrollments.id, grants: grantsOf })
    .from(enrollments)
    .where(
      and(
        eq(enrollments.courseId, value('courseId')),
        eq(enrollments.studentId, value('studentId')),
        inArray(enrollments.status, ['ACTIVE', 'COMPLETED']),
      ),
    )
    .prepare('places_in_course')

  return {
    places: async (courseId, studentId) => {
      const rows = await places.execute({ courseId, studentId })
      return rows.map(({ enrollmentId, grants }) => ({ enrollmentId, grants: Grants.parse(grants) }))
    },
  }
}
