// The other side of P4: the same reads and writes in a drizzle transaction, as its documentation writes one.
import { and, eq, inArray, lt, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { serveRounds } from '#bus/bench/harness/side.ts'
import { serviceUrl } from '#services/kit/postgres/migrate.ts'
import * as tables from '#services/learning/infrastructure/postgres/schema.ts'
import { inFlight } from '../in-flight.ts'
import type { BenchCourse } from '../learning.ts'
import { AT_ONCE, openCourses } from './courses.ts'
import { rowsOf } from './request.ts'

const [, , url = ''] = process.argv
const courses = await openCourses(url)
const db = drizzle(postgres(serviceUrl(url, 'learning'), { max: AT_ONCE }))
const { courseRuns, enrollments, idempotencyKeys, outbox, saga, sagaJournal } = tables

const enroll = async (course: BenchCourse): Promise<void> => {
  const { idempotency, enrollment, ...rows } = rowsOf(course)
  await db.transaction(async (tx) => {
    const [answered] = await tx
      .select()
      .from(idempotencyKeys)
      .where(and(eq(idempotencyKeys.scope, idempotency.scope), eq(idempotencyKeys.key, idempotency.key)))
    const [run] = await tx
      .select()
      .from(courseRuns)
      .innerJoin(tables.courses, eq(tables.courses.id, courseRuns.courseId))
      .leftJoin(
        enrollments,
        and(
          eq(enrollments.courseRunId, courseRuns.id),
          eq(enrollments.studentId, enrollment.studentId),
          inArray(enrollments.status, ['PENDING', 'ACTIVE', 'COMPLETED']),
        ),
      )
      .where(eq(courseRuns.id, enrollment.courseRunId))
    if (answered || !run || run.enrollments) throw new Error('This cannot be enrolled in.')
    const held = await tx
      .update(courseRuns)
      .set({ seatsHeld: sql`${courseRuns.seatsHeld} + 1` })
      .where(
        and(
          eq(courseRuns.id, enrollment.courseRunId),
          lt(sql`${courseRuns.seatsTaken} + ${courseRuns.seatsHeld}`, courseRuns.capacity),
        ),
      )
      .returning({ id: courseRuns.id })
    if (held.length === 0) throw new Error('No seat is left.')
    await tx.insert(enrollments).values(enrollment)
    await tx.insert(saga).values(rows.saga)
    await tx.insert(sagaJournal).values(rows.journal)
    await tx.insert(idempotencyKeys).values({ ...idempotency, ...rows.answer })
    await tx.insert(outbox).values(rows.outbox)
  })
}

serveRounds({
  run: (operations) =>
    inFlight(AT_ONCE, operations, async (n) => {
      const course = courses[n % courses.length]
      if (course) await enroll(course)
    }),
})
