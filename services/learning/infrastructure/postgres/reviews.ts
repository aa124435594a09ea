import { and, desc, eq, getTableColumns, type InferSelectModel, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import { Rating } from '#domain/review/rating.ts'
import type { ReportReason } from '#domain/review/values.ts'
import { Review, type ReviewState } from '#domain/review/review.ts'
import type { CourseId } from '#domain/kernel/ids.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { JudgementRepository, ReviewQueries, ReviewRepository } from '../../reviews-ports.ts'
import {
  courseRatings,
  courses,
  enrollmentProgress,
  lessonProgress,
  reviewReports,
  reviewVotes,
  reviews,
} from './schema.ts'

const value = (name: string) => sql.placeholder(name)

const stateOf = (row: InferSelectModel<typeof reviews>): ReviewState => {
  const { version: _, replyText, repliedAt, text, editedAt, ...state } = row
  return {
    ...state,
    text: text ?? undefined,
    editedAt: editedAt ?? undefined,
    reply: replyText === null || repliedAt === null ? undefined : { text: replyText, at: repliedAt },
  }
}

export const reviewOf = (row: InferSelectModel<typeof reviews>): Review => Review.restore(stateOf(row), row.version)

export const ratingOf = (id: CourseId, row: InferSelectModel<typeof courseRatings> | null): Rating =>
  row ? Rating.restore({ id, histogram: row.histogram }, row.version) : Rating.none(id)

const valuesOf = ({ text, editedAt, reply, ...state }: ReviewState) => ({
  ...state,
  text: text ?? null,
  editedAt: editedAt ?? null,
  replyText: reply?.text ?? null,
  repliedAt: reply?.at ?? null,
})

/** Where its author has another review of the course already, it touches no row: the handler runs again and sees it. */
const insertReview = prepareWrite(
  'insert a review',
  sql`
  insert into ${reviews} (id, course_id, author_id, stars, text, status, barred, submitted_at, version)
  values (${value('id')}, ${value('courseId')}, ${value('authorId')}, ${value('stars')}, ${value('text')},
    ${value('status')}, ${value('barred')}, ${value('submittedAt')}, 1)
  on conflict do nothing`,
)

const updateReview = prepareWrite(
  'update a review',
  sql`
  update ${reviews}
  set stars = ${value('stars')}, text = ${value('text')}, status = ${value('status')}, barred = ${value('barred')},
    submitted_at = ${value('submittedAt')}, edited_at = ${value('editedAt')}, reply_text = ${value('replyText')},
    replied_at = ${value('repliedAt')}, version = version + 1
  where id = ${value('id')} and version = ${value('version')}`,
)

const beginRating = prepareWrite(
  'begin a rating',
  sql`
  insert into ${courseRatings} (course_id, histogram, version)
  values (${value('id')}, ${value('histogram')}::int[], 1)
  on conflict do nothing`,
)

const updateRating = prepareWrite(
  'update a rating',
  sql`
  update ${courseRatings} set histogram = ${value('histogram')}::int[], version = version + 1
  where course_id = ${value('id')} and version = ${value('version')}`,
)

const settle = prepareWrite(
  'settle reports',
  sql`update ${reviewReports} set settled_at = ${value('now')} where review_id = ${value('id')} and settled_at is null`,
)

const addVote = prepareWrite(
  'a vote',
  sql`
  insert into ${reviewVotes} (review_id, voter_id) values (${value('id')}, ${value('readerId')})
  on conflict do nothing`,
)

const dropVote = prepareWrite(
  'no vote',
  sql`delete from ${reviewVotes} where review_id = ${value('id')} and voter_id = ${value('readerId')}`,
)

const addReport = prepareWrite(
  'a report',
  sql`
  insert into ${reviewReports} (review_id, reporter_id, reason, reported_at)
  values (${value('id')}, ${value('readerId')}, ${value('reason')}, ${value('now')})
  on conflict do nothing`,
)

export const createPostgresJudgements = ({ drizzle: db }: Database): JudgementRepository => {
  const byReader = (table: typeof reviewVotes | typeof reviewReports, reader: SQL) =>
    sql<boolean>`exists (select from ${table} where ${table}.review_id = ${reviews}.id and ${reader} = ${value('readerId')})`
  const judgement = db
    .select({
      review: getTableColumns(reviews),
      isHelpful: byReader(reviewVotes, sql`voter_id`),
      isReported: byReader(reviewReports, sql`reporter_id`),
    })
    .from(reviews)
    .where(eq(reviews.id, value('id')))
    .prepare('load_judgement')

  return {
    load: async (id, readerId) => {
      const [row] = await judgement.execute({ id, readerId })
      return row && { ...row, review: reviewOf(row.review) }
    },
    vote: (tx, id, readerId, isHelpful) => postgresOf(tx).write(isHelpful ? addVote : dropVote, { id, readerId }),
    report: (tx, id, readerId, reason) => postgresOf(tx).write(addReport, { id, readerId, reason, now: tx.now }),
  }
}

export const createPostgresReviews = ({ drizzle: db }: Database): ReviewRepository => {
  const desk = db
    .select({
      tutorId: courses.tutorId,
      hasLearned: sql<boolean>`exists (
        select from ${enrollmentProgress} join ${lessonProgress}
          on ${lessonProgress}.enrollment_id = ${enrollmentProgress}.enrollment_id
        where ${enrollmentProgress}.course_id = ${courses.id} and ${enrollmentProgress}.student_id = ${value('authorId')})`,
      review: getTableColumns(reviews),
      rating: getTableColumns(courseRatings),
    })
    .from(courses)
    .leftJoin(courseRatings, eq(courseRatings.courseId, courses.id))
    .leftJoin(reviews, and(eq(reviews.courseId, courses.id), eq(reviews.authorId, value('authorId'))))
    .where(and(eq(courses.id, value('courseId')), ne(courses.status, 'DRAFT')))
    .prepare('load_review_desk')
  const byId = db
    .select({
      tutorId: courses.tutorId,
      review: getTableColumns(reviews),
      rating: getTableColumns(courseRatings),
      openReports: sql<number>`(select count(*)::int from ${reviewReports}
        where ${reviewReports.reviewId} = ${reviews.id} and ${reviewReports.settledAt} is null)`,
    })
    .from(reviews)
    .innerJoin(courses, eq(courses.id, reviews.courseId))
    .leftJoin(courseRatings, eq(courseRatings.courseId, reviews.courseId))
    .where(eq(reviews.id, value('id')))
    .prepare('load_review')

  return {
    desk: async (courseId, authorId) => {
      const [row] = await desk.execute({ courseId, authorId })
      if (!row) return undefined
      const { tutorId, hasLearned, review, rating } = row
      return {
        standing: { tutorId, hasLearned },
        rating: ratingOf(courseId, rating),
        review: review ? reviewOf(review) : undefined,
      }
    },
    load: async (id) => {
      const [row] = await byId.execute({ id })
      if (!row) return undefined
      const { tutorId, review, rating, openReports } = row
      return { tutorId, review: reviewOf(review), rating: ratingOf(review.courseId, rating), openReports }
    },
    settleReports: (tx, id, open) => {
      if (open > 0) postgresOf(tx).write(settle, { id, now: tx.now }, open)
    },
    save: (tx, review, rating) => {
      const unit = postgresOf(tx)
      const values = valuesOf(review.state)
      if (review.version === 0) unit.write(insertReview, values)
      else unit.write(updateReview, { ...values, version: review.version })
      unit.raise(review)
      if (!rating) return
      const sums = { id: rating.id, histogram: `{${rating.state.histogram.join()}}` }
      if (rating.version === 0) unit.write(beginRating, sums)
      else unit.write(updateRating, { ...sums, version: rating.version })
      unit.raise(rating)
    },
  }
}

const helpful =
  sql<number>`(select count(*)::int from ${reviewVotes} where ${reviewVotes}.review_id = ${reviews}.id)`.as('helpful')

const openReasons = sql<ReportReason[]>`(select array_agg(reason order by reported_at) from ${reviewReports}
  where ${reviewReports}.review_id = ${reviews}.id and settled_at is null)`.as('reasons')

export const createPostgresReviewQueries = ({ drizzle: db }: Database): ReviewQueries => {
  const ofCourse = db
    .select({ review: getTableColumns(reviews), helpful })
    .from(reviews)
    .where(
      and(
        eq(reviews.courseId, value('courseId')),
        sql`${reviews.status} = 'PUBLISHED'`,
        or(sql`${value('after')}::text is null`, lt(reviews.id, value('after'))),
      ),
    )
    .orderBy(desc(reviews.id))
    .limit(value('limit'))
    .prepare('reviews_of_course')
  const reported = db
    .select({ review: getTableColumns(reviews), reasons: openReasons })
    .from(reviews)
    .where(
      and(
        sql`${reviews.id} in (select review_id from ${reviewReports} where settled_at is null)`,
        or(sql`${value('after')}::text is null`, lt(reviews.id, value('after'))),
      ),
    )
    .orderBy(desc(reviews.id))
    .limit(value('limit'))
    .prepare('reported_reviews')
  const histogram = db
    .select({ histogram: courseRatings.histogram })
    .from(courseRatings)
    .where(eq(courseRatings.courseId, value('courseId')))
    .prepare('histogram_of_course')

  return {
    ofCourse: async (courseId, { after, limit }) =>
      (await ofCourse.execute({ courseId, after: after ?? null, limit })).map(({ review, helpful }) => ({
        state: stateOf(review),
        helpful,
      })),
    reported: async ({ after, limit }) => {
      const rows = await reported.execute({ after: after ?? null, limit })
      return rows.map(({ review, reasons }) => ({
        state: stateOf(review),
        reasons: [...new Set(reasons)],
        reports: reasons.length,
      }))
    },
    histogram: async (courseId) => (await histogram.execute({ courseId }))[0]?.histogram,
  }
}
