import { and, eq, getTableColumns, type InferSelectModel, isNotNull, ne, sql } from 'drizzle-orm'
import { listsAsJson } from '#services/kit/postgres/lists-as-json.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import { z } from 'zod'
import { PersonalData } from '#domain/kernel/personal-data.ts'
import type { RatedReview, Traces } from '../../traces-ports.ts'
import { certificateOf } from './certificates.ts'
import { ratingOf, reviewOf } from './reviews.ts'
import {
  certificates,
  courseRatings,
  courses,
  enrollmentGrants,
  enrollments,
  lessonProgress,
  quizAttempts,
  reviewReports,
  reviews,
  reviewVotes,
  waitlistEntries,
} from './schema.ts'

const value = (name: string) => sql.placeholder(name)

const deleteVotes = prepareWrite('votes', sql`delete from ${reviewVotes} where voter_id = ${value('userId')}`)
const deleteReports = prepareWrite('reports', sql`delete from ${reviewReports} where reporter_id = ${value('userId')}`)
const deleteAttempts = prepareWrite('attempts', sql`delete from ${quizAttempts} where student_id = ${value('userId')}`)

const PersonalRows = z.tuple([z.object({ votes: z.int(), reports: z.int(), quizAttempts: z.int() })])

const theirs = sql`${value('userId')}`

const everything = listsAsJson({
  enrollments: sql`select * from ${enrollments} where student_id = ${theirs} order by id`,
  grants: sql`select * from ${enrollmentGrants} where enrollment_id in
    (select id from ${enrollments} where student_id = ${theirs})`,
  completedLessons: sql`select * from ${lessonProgress} where enrollment_id in
    (select id from ${enrollments} where student_id = ${theirs})`,
  waitlistPlaces: sql`select * from ${waitlistEntries} where student_id = ${theirs} order by id`,
  certificates: sql`select * from ${certificates} where student_id = ${theirs} order by id`,
  quizAttempts: sql`select id, quiz_id, number, started_at, status, answers, score, passed, graded_at
    from ${quizAttempts} where student_id = ${theirs} order by id`,
  /** Without what others answered. */
  reviews: sql`select id, course_id, stars, text, status, submitted_at, edited_at
    from ${reviews} where author_id = ${theirs} order by id`,
  replies: sql`select id as review_id, course_id, reply_text, replied_at from ${reviews}
    where reply_text is not null and course_id in (select id from ${courses} where tutor_id = ${theirs})`,
  votes: sql`select * from ${reviewVotes} where voter_id = ${theirs}`,
  reports: sql`select * from ${reviewReports} where reporter_id = ${theirs}`,
  taughtCourses: sql`select id, slug, title, status from ${courses} where tutor_id = ${theirs} order by id`,
})

const ratedOf = (row: {
  readonly review: InferSelectModel<typeof reviews>
  readonly rating: InferSelectModel<typeof courseRatings> | null
}): RatedReview => ({ review: reviewOf(row.review), rating: ratingOf(row.review.courseId, row.rating) })

export const createPostgresTraces = ({ drizzle: db }: Database): Traces => {
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
  const copy = db.select({ data: everything }).from(sql`(select 1) as one`).prepare('copy_of_person')
  const count = db
    .select({
      votes: sql<number>`(select count(*)::int from ${reviewVotes} where voter_id = ${value('userId')})`,
      reports: sql<number>`(select count(*)::int from ${reviewReports} where reporter_id = ${value('userId')})`,
      quizAttempts: sql<number>`(select count(*)::int from ${quizAttempts} where student_id = ${value('userId')})`,
    })
    .from(sql`(select 1) as one`)
    .prepare('rows_of_person')

  return {
    reviews: async (userId) => (await written.execute({ userId })).map(ratedOf),
    answered: async (userId) => (await answered.execute({ userId })).map(ratedOf),
    certificates: async (userId) => (await named.execute({ userId })).map(certificateOf),
    read: async (userId) => PersonalData.parse((await copy.execute({ userId }))[0]?.data),
    count: async (userId) => PersonalRows.parse(await count.execute({ userId }))[0],
    erase: (tx, userId, rows) => {
      const unit = postgresOf(tx)
      unit.write(deleteVotes, { userId }, rows.votes)
      unit.write(deleteReports, { userId }, rows.reports)
      unit.write(deleteAttempts, { userId }, rows.quizAttempts)
    },
  }
}
