import { and, desc, eq, getTableColumns, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Database } from '#bus/postgres/database.ts'
import type { EnrollmentQueries, EnrollmentSlice } from '../../enrollment-ports.ts'
import { grantsOf, stateOf } from './enrollment-rows.ts'
import { courses, enrollments } from './schema.ts'

const value = (name: string) => sql.placeholder(name)
const columns = { ...getTableColumns(enrollments), grants: grantsOf }

/** Rows before an id, which is the newest first: ids grow with time. */
const beforeId = or(sql`${value('after')}::text is null`, lt(enrollments.id, value('after')))
const ofStatus = or(sql`${value('status')}::text is null`, eq(enrollments.status, value('status')))

const bounds = ({ after, status, limit }: EnrollmentSlice) => ({
  after: after ?? null,
  status: status ?? null,
  limit,
})

export const createPostgresEnrollmentQueries = ({ drizzle: db }: Database): EnrollmentQueries => {
  const one = db
    .select({ ...columns, tutorId: courses.tutorId })
    .from(enrollments)
    .innerJoin(courses, eq(courses.id, enrollments.courseId))
    .where(eq(enrollments.id, value('id')))
    .prepare('enrollment_resource')
  const page = (name: string, filter: SQL) =>
    db
      .select(columns)
      .from(enrollments)
      .where(and(filter, ofStatus, beforeId))
      .orderBy(desc(enrollments.id))
      .limit(value('limit'))
      .prepare(name)
  const ofStudent = page('enrollments_of_student', eq(enrollments.studentId, value('studentId')))
  const ofCourse = page('enrollments_of_course', eq(enrollments.courseId, value('courseId')))
  const ranOut = db
    .select({ id: enrollments.id })
    .from(enrollments)
    .where(and(eq(enrollments.status, sql`'ACTIVE'`), lte(enrollments.standsUntil, value('now'))))
    .orderBy(enrollments.standsUntil)
    .limit(value('limit'))
    .prepare('enrollments_that_ran_out')

  return {
    enrollment: async (id) => {
      const [row] = await one.execute({ id })
      return row && { state: stateOf(row), tutorId: row.tutorId }
    },
    ranOut: async (now, limit) => (await ranOut.execute({ now, limit })).map(({ id }) => id),
    ofStudent: async (studentId, slice) => (await ofStudent.execute({ studentId, ...bounds(slice) })).map(stateOf),
    ofCourse: async (courseId, slice) => (await ofCourse.execute({ courseId, ...bounds(slice) })).map(stateOf),
  }
}
