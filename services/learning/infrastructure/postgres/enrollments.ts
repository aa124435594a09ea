import { and, eq, getTableColumns, inArray, ne, sql } from 'drizzle-orm'
import { Enrollment } from '#domain/learning/enrollment.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import type { EnrollmentRepository } from '../../enrollment-ports.ts'
import { runOf } from './course-runs.ts'
import { enrollmentValues, grantsOf, stateOf } from './enrollment-rows.ts'
import { insertEnrollment, putGrants, updateEnrollment } from './enrollment-writes.ts'
import { courseRuns, courses, enrollmentGrants, enrollments, waitlistEntries } from './schema.ts'
import { moveSeats } from './seat-moves.ts'
import { entryColumns, entryOf, isLive, writeEntries } from './waitlist.ts'

const value = (name: string) => sql.placeholder(name)

export const createPostgresEnrollments = ({ drizzle: db }: Database): EnrollmentRepository => {
  const byId = db
    .select({ ...getTableColumns(enrollments), grants: grantsOf })
    .from(enrollments)
    .where(eq(enrollments.id, value('id')))
    .prepare('load_enrollment')
  const byGrant = db
    .select({ ...getTableColumns(enrollments), grants: grantsOf })
    .from(enrollments)
    .where(
      sql`${enrollments.id} = (select ${enrollmentGrants}.enrollment_id from ${enrollmentGrants}
        where ${enrollmentGrants}.source = ${value('source')} and ${enrollmentGrants}.ref = ${value('ref')})`,
    )
    .prepare('load_enrollment_by_grant')
  const { fullnessChanges: _, ...runColumns } = getTableColumns(courseRuns)
  const admission = db
    .select({
      run: runColumns,
      title: courses.title,
      tutorId: courses.tutorId,
      live: enrollments.id,
      entry: entryColumns,
    })
    .from(courseRuns)
    .innerJoin(courses, and(eq(courses.id, courseRuns.courseId), ne(courses.status, 'DRAFT')))
    .leftJoin(
      enrollments,
      and(
        eq(enrollments.courseRunId, courseRuns.id),
        eq(enrollments.studentId, value('studentId')),
        inArray(enrollments.status, ['PENDING', 'ACTIVE', 'COMPLETED']),
      ),
    )
    .leftJoin(
      waitlistEntries,
      and(eq(waitlistEntries.courseRunId, courseRuns.id), eq(waitlistEntries.studentId, value('studentId')), isLive),
    )
    .where(eq(courseRuns.id, value('courseRunId')))
    .prepare('load_admission')

  return {
    load: async (id) => {
      const [row] = await byId.execute({ id })
      return row && Enrollment.restore(stateOf(row), row.version)
    },
    byGrant: async ({ source, ref }) => {
      const [row] = await byGrant.execute({ source, ref })
      return row && Enrollment.restore(stateOf(row), row.version)
    },
    admission: async (courseRunId, studentId) => {
      const [row] = await admission.execute({ courseRunId, studentId })
      if (!row) return undefined
      const { tutorId, live, entry } = row
      const course = { title: row.title ?? undefined, tutorId }
      return { run: runOf(row.run), course, live: live ?? undefined, entry: entry ? entryOf(entry) : undefined }
    },
    save: (tx, enrollment, entries = []) => {
      const unit = postgresOf(tx)
      const { id, state, version } = enrollment
      if (version === 0) unit.write(insertEnrollment, enrollmentValues(state))
      else unit.write(updateEnrollment, { ...enrollmentValues(state), version })
      const { grants } = state
      if (grants.length > 0) unit.write(putGrants, { id, grants: JSON.stringify(grants) }, grants.length)
      writeEntries(tx, entries)
      moveSeats(
        tx,
        state.courseRunId,
        [enrollment, ...entries].flatMap(({ seatMoves }) => seatMoves),
      )
      unit.raise(enrollment)
    },
  }
}
