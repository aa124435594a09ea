import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '#bus/postgres/database.ts'
import type { CourseRunQueries } from '../../ports.ts'
import { courseRuns, courses } from './schema.ts'

const value = (name: string) => sql.placeholder(name)
const seen = sql`(${value('viewer')}::text is null or ${courses.tutorId} = ${value('viewer')})`

const columns = {
  courseRunId: courseRuns.id,
  courseId: courseRuns.courseId,
  status: courseRuns.status,
  price: { amount: courseRuns.priceAmount, currency: courseRuns.priceCurrency },
  capacity: courseRuns.capacity,
  startsAt: courseRuns.startsAt,
  endsAt: courseRuns.endsAt,
  enrollmentOpensAt: courseRuns.enrollmentOpensAt,
  enrollmentClosesAt: courseRuns.enrollmentClosesAt,
  pacing: courseRuns.pacing,
  version: courseRuns.version,
}

export const createPostgresCourseRunQueries = ({ drizzle: db }: Database): CourseRunQueries => {
  const one = db
    .select(columns)
    .from(courseRuns)
    .innerJoin(courses, eq(courses.id, courseRuns.courseId))
    .where(and(eq(courseRuns.id, value('id')), seen))
    .prepare('course_run_resource')
  const ofCourse = db
    .select({ ...columns, seatsTaken: courseRuns.seatsTaken, seatsHeld: courseRuns.seatsHeld })
    .from(courseRuns)
    .where(eq(courseRuns.courseId, value('courseId')))
    .orderBy(courseRuns.id)
    .prepare('run_list_of_course')
  const now = sql`${value('now')}::timestamptz`
  const offer = db
    .select({
      courseId: courseRuns.courseId,
      tutorId: courses.tutorId,
      title: courses.title,
      price: columns.price,
      seatsLeft: sql<number>`${courseRuns.capacity} - ${courseRuns.seatsTaken} - ${courseRuns.seatsHeld}`,
      open: sql<boolean>`${courses.status} = 'PUBLISHED' and ${courseRuns.status} = 'OPEN'
        and ${courseRuns.enrollmentOpensAt} <= ${now} and ${now} < ${courseRuns.enrollmentClosesAt}`,
    })
    .from(courseRuns)
    .innerJoin(courses, eq(courses.id, courseRuns.courseId))
    .where(eq(courseRuns.id, value('id')))
    .prepare('course_run_offer')

  return {
    run: async (id, viewer) => (await one.execute({ id, viewer: viewer ?? null }))[0],
    ofCourse: (courseId) => ofCourse.execute({ courseId }),
    offer: async (id, at) => {
      const [row] = await offer.execute({ id, now: at })
      return row && { ...row, title: row.title ?? undefined }
    },
  }
}
