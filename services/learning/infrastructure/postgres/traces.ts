import { and, eq, getTableColumns, inArray, type InferSelectModel, isNotNull, ne, sql } from 'drizzle-orm'
import { Enrollment } from '#domain/learning/enrollment.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import { z } from 'zod'
import type { RatedReview, Traces } from '../../erasure-ports.ts'
import { certificateOf } from './certificates.ts'
import { grantsOf, stateOf } from './enrollment-rows.ts'
import { ratingOf, reviewOf } from './reviews.ts'
import {
  certificates,
  courseRatings,
  courses,
  enrollments,
  quizAttempts,
  reviewReports,
  reviews,
  reviewVotes,
  waitlistEntries,
} from './schema.ts'
import { entryColumns, entryOf, isLive } from './waitlist.ts'

const value = (name: string) => sql.placeholder(name)

const deleteVotes = prepareWrite('votes', sql`delete from ${reviewVotes} where voter_id = ${value('userId')}`)
const deleteReports = prepareWrite('reports', sql`delete from ${reviewReports} where reporter_id = ${value('userId')}`)
const deleteAttempts = prepareWrite('attempts', sql`delete from ${quizAttempts} where student_id = ${value('userId')}`)

const PersonalRows = z.tuple([z.object({ votes: z.int(), reports: z.int(), quizAttempts: z.int() })])

const ratedOf = (row: {
  readonly review: InferSelectModel<typeof reviews>
  readonly rating: InferSelectModel<typeof courseRatings> | null
}): RatedReview => ({ review: reviewOf(row.review), rating: ratingOf(row.review.courseId, row.rating) })

export const createPostgresTraces = ({ drizzle: db }: Database): Traces => {
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
  const written = db
    .select({ review: getTableColumns(reviews), rating: getTableColumns(courseRatings) })
    .from(reviews)
    .leftJoin(courseRatings, eq(courseRatings.courseId, reviews.courseId))
    .where(
      and(eq(reviews.authorId, value('userId')), sql`(${reviews.status} <> 'REMOVED' or ${reviews.text} is not null)`),
    )
    .prepare('reviews_of_person')
  const answered = db
    .select({ review: getTableColumns(reviews), rating: getTableColumns(courseRatings) })
    .from(courses)
    .innerJoin(reviews, and(eq(reviews.courseId, courses.id), isNotNull(reviews.replyText)))
    .leftJoin(courseRatings, eq(courseRatings.courseId, courses.id))
    .where(eq(courses.tutorId, value('userId')))
    .prepare('reviews_answered_by_person')
  const named = db
    .select()
    .from(certificates)
    .where(and(eq(certificates.studentId, value('userId')), ne(certificates.learnerName, '')))
    .prepare('certificates_of_person')
  const count = db
    .select({
      votes: sql<number>`(select count(*)::int from ${reviewVotes} where voter_id = ${value('userId')})`,
      reports: sql<number>`(select count(*)::int from ${reviewReports} where reporter_id = ${value('userId')})`,
      quizAttempts: sql<number>`(select count(*)::int from ${quizAttempts} where student_id = ${value('userId')})`,
    })
    .from(sql`(select 1) as one`)
    .prepare('rows_of_person')

  return {
    seats: async (userId) =>
      (await seats.execute({ userId })).map((row) => Enrollment.restore(stateOf(row), row.version)),
    places: async (userId) => (await places.execute({ userId })).map(entryOf),
    reviews: async (userId) => (await written.execute({ userId })).map(ratedOf),
    answered: async (userId) => (await answered.execute({ userId })).map(ratedOf),
    certificates: async (userId) => (await named.execute({ userId })).map(certificateOf),
    count: async (userId) => PersonalRows.parse(await count.execute({ userId }))[0],
    erase: (tx, userId, rows) => {
      const unit = postgresOf(tx)
      unit.write(deleteVotes, { userId }, rows.votes)
      unit.write(deleteReports, { userId }, rows.reports)
      unit.write(deleteAttempts, { userId }, rows.quizAttempts)
    },
  }
}
