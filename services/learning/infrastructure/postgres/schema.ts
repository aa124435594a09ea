import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type {
  CertificateId,
  CourseId,
  CourseRunId,
  EnrollmentId,
  LessonId,
  PaymentId,
  QuizAttemptId,
  QuizId,
  ReviewId,
  UserId,
  WaitlistEntryId,
} from '#domain/kernel/ids.ts'
import type { Currency } from '#domain/kernel/money.ts'
import type { CertificateState, RevocationReason } from '#domain/learning/certificate.ts'
import type { CourseState } from '#domain/learning/course.ts'
import type { Level } from '#domain/learning/course-details.ts'
import type { CourseRunState } from '#domain/learning/course-run.ts'
import type { Section } from '#domain/learning/curriculum.ts'
import type { AttemptState } from '#domain/learning/quiz-attempt.ts'
import type { Answer, Question } from '#domain/learning/quiz-questions.ts'
import type { ReportReason, ReviewStatus } from '#domain/review/values.ts'
import type { EndReason, EnrollmentStatus } from '#domain/learning/enrollment-state.ts'
import type { GrantSource } from '#domain/learning/grant.ts'
import type { Pacing } from '#domain/learning/run-terms.ts'
import type { WaitlistStatus } from '#domain/learning/waitlist.ts'
import { busTables, instant, sagaTables } from '#bus/postgres/tables.ts'

export const learningSchema = pgSchema('learning')

export const { outbox, heldKeys, inbox, idempotencyKeys, replySlots, deadLetters } = busTables(learningSchema)
export const { saga, sagaJournal } = sagaTables(learningSchema)

/** The taxonomy of the domain (seeded by a migration) and what imported lists add to it. Rows are never changed. */
export const subjects = learningSchema.table(
  'subjects',
  {
    slug: text('slug').primaryKey(),
    name: text('name').notNull(),
    parent: text('parent').references((): AnyPgColumn => subjects.slug),
  },
  (table) => [index('subjects_parent').on(table.parent)],
)

export const courses = learningSchema.table(
  'courses',
  {
    id: text('id').$type<CourseId>().primaryKey(),
    tutorId: text('tutor_id').$type<UserId>().notNull(),
    slug: text('slug').notNull(),
    status: text('status').$type<CourseState['status']>().notNull(),
    title: text('title'),
    summary: text('summary'),
    description: text('description'),
    subject: text('subject').references(() => subjects.slug),
    language: text('language').notNull(),
    level: text('level').$type<Level>(),
    externalUrl: text('external_url'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    publishedAt: instant('published_at'),
    archivedAt: instant('archived_at'),
    version: integer('version').notNull(),
  },
  (table) => [
    index('courses_of_tutor').on(table.tutorId, table.id),
    // The functions are made by the migration that adds these.
    index('courses_by_words').using(
      'gin',
      sql`learning.course_words(${table.title}, ${table.summary}, ${table.description}, ${table.language})`,
    ),
    index('courses_by_title_parts').using('gin', sql`${table.title} gin_trgm_ops`),
    index('courses_public_by_subject').on(table.subject, table.id).where(sql`${table.status} = 'PUBLISHED'`),
    index('courses_public_of_tutor').on(table.tutorId, table.id).where(sql`${table.status} = 'PUBLISHED'`),
    check('course_status_known', sql`${table.status} in ('DRAFT', 'PUBLISHED', 'ARCHIVED')`),
    check(
      'course_public_complete',
      sql`${table.status} = 'DRAFT' or num_nulls(${table.title}, ${table.subject}, ${table.publishedAt}) = 0`,
    ),
  ],
)

/** Every slug that a course has, or was public under. The key is what keeps a slug from passing to another course. */
export const courseSlugs = learningSchema.table(
  'course_slugs',
  {
    slug: text('slug').primaryKey(),
    courseId: text('course_id').$type<CourseId>().notNull(),
  },
  (table) => [
    foreignKey({ name: 'course_slugs_of_course', columns: [table.courseId], foreignColumns: [courses.id] }),
    index('course_slugs_by_course').on(table.courseId),
  ],
)

/** Sections with their lessons as one value: they are read and replaced as a whole. */
export const curricula = learningSchema.table(
  'curricula',
  {
    courseId: text('course_id').$type<CourseId>().primaryKey(),
    sections: jsonb('sections').$type<readonly Section[]>().notNull(),
    /** What learners see, with its number; null until the course was published once. */
    publishedSections: jsonb('published_sections').$type<readonly Section[]>(),
    publishedRevision: integer('published_revision'),
    version: integer('version').notNull(),
  },
  (table) => [
    foreignKey({ name: 'curricula_of_course', columns: [table.courseId], foreignColumns: [courses.id] }),
    /** Finds the course of a lesson. */
    index('curricula_by_content').using('gin', table.sections.op('jsonb_path_ops')),
  ],
)

export const courseRuns = learningSchema.table(
  'course_runs',
  {
    id: text('id').$type<CourseRunId>().primaryKey(),
    courseId: text('course_id').$type<CourseId>().notNull(),
    status: text('status').$type<CourseRunState['status']>().notNull(),
    priceAmount: integer('price_amount').notNull(),
    priceCurrency: text('price_currency').$type<Currency>().notNull(),
    capacity: integer('capacity').notNull(),
    seatsTaken: integer('seats_taken').notNull().default(0),
    seatsHeld: integer('seats_held').notNull().default(0),
    waiting: integer('waiting').notNull().default(0),
    /** How often the run filled or freed: the part of the catalog's revision that seats contribute. See seat-moves.ts. */
    fullnessChanges: integer('fullness_changes').notNull().default(0),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    enrollmentOpensAt: instant('enrollment_opens_at').notNull(),
    enrollmentClosesAt: instant('enrollment_closes_at').notNull(),
    pacing: text('pacing').$type<Pacing>().notNull(),
    closedAt: instant('closed_at'),
    /** Of the terms; seat moves leave it alone. */
    version: integer('version').notNull(),
  },
  (table) => [
    foreignKey({ name: 'course_runs_of_course', columns: [table.courseId], foreignColumns: [courses.id] }),
    index('course_runs_by_course').on(table.courseId, table.id),
    check('course_run_status_known', sql`${table.status} in ('OPEN', 'CLOSED')`),
    check('course_run_pacing_known', sql`${table.pacing} in ('self_paced', 'instructor_paced')`),
    check('course_run_price_not_negative', sql`${table.priceAmount} >= 0`),
    check('course_run_seats_counted', sql`${table.seatsTaken} >= 0 and ${table.seatsHeld} >= 0`),
    check('course_run_seats_within_capacity', sql`${table.seatsTaken} + ${table.seatsHeld} <= ${table.capacity}`),
    // A seat that becomes free passes on in the statement that frees it.
    check(
      'course_run_seats_passed_on',
      sql`${table.waiting} = 0 or (${table.waiting} > 0 and ${table.seatsTaken} + ${table.seatsHeld} = ${table.capacity})`,
    ),
  ],
)

export const enrollments = learningSchema.table(
  'enrollments',
  {
    id: text('id').$type<EnrollmentId>().primaryKey(),
    courseId: text('course_id').$type<CourseId>().notNull(),
    courseRunId: text('course_run_id').$type<CourseRunId>().notNull(),
    studentId: text('student_id').$type<UserId>().notNull(),
    status: text('status').$type<EnrollmentStatus>().notNull(),
    /** Frozen at the request. */
    priceAmount: integer('price_amount').notNull(),
    priceCurrency: text('price_currency').$type<Currency>().notNull(),
    requestedAt: instant('requested_at').notNull(),
    paymentId: text('payment_id').$type<PaymentId>(),
    completedAt: instant('completed_at'),
    cancelledAt: instant('cancelled_at'),
    /** Why it was cancelled. */
    endReason: text('end_reason').$type<EndReason>(),
    expiredAt: instant('expired_at'),
    /** Until when its grants stand; absent where one of them has no end. */
    standsUntil: instant('stands_until'),
    version: integer('version').notNull(),
  },
  (table) => [
    foreignKey({ name: 'enrollments_of_run', columns: [table.courseRunId], foreignColumns: [courseRuns.id] }),
    foreignKey({ name: 'enrollments_of_course', columns: [table.courseId], foreignColumns: [courses.id] }),
    uniqueIndex('enrollments_one_live')
      .on(table.courseRunId, table.studentId)
      .where(sql`${table.status} in ('PENDING', 'ACTIVE', 'COMPLETED')`),
    index('enrollments_of_student').on(table.studentId, table.id),
    index('enrollments_of_student_in_course').on(table.courseId, table.studentId),
    index('enrollments_running_out').on(table.standsUntil).where(sql`${table.status} = 'ACTIVE'`),
    index('enrollments_by_course').on(table.courseId, table.id),
    check(
      'enrollment_status_known',
      sql`${table.status} in ('PENDING', 'ACTIVE', 'COMPLETED', 'CANCELLED', 'EXPIRED')`,
    ),
  ],
)

/** Who waits for a seat, and whom one is held for. Entries that have ended stay. */
export const waitlistEntries = learningSchema.table(
  'waitlist_entries',
  {
    id: text('id').$type<WaitlistEntryId>().primaryKey(),
    courseRunId: text('course_run_id').$type<CourseRunId>().notNull(),
    studentId: text('student_id').$type<UserId>().notNull(),
    /** The order of the list. */
    place: bigint('place', { mode: 'number' }).generatedAlwaysAsIdentity(),
    joinedAt: instant('joined_at').notNull(),
    status: text('status').$type<WaitlistStatus>().notNull(),
    holdUntil: instant('hold_until'),
    version: integer('version').notNull(),
  },
  (table) => [
    foreignKey({ name: 'waitlist_of_run', columns: [table.courseRunId], foreignColumns: [courseRuns.id] }),
    uniqueIndex('waitlist_one_live')
      .on(table.courseRunId, table.studentId)
      .where(sql`${table.status} in ('WAITING', 'PROMOTED')`),
    index('waitlist_of_student').on(table.studentId),
    index('waitlist_order').on(table.courseRunId, table.place).where(sql`${table.status} = 'WAITING'`),
    check('waitlist_status_known', sql`${table.status} in ('WAITING', 'PROMOTED', 'ENROLLED', 'LEFT', 'LAPSED')`),
    check('waitlist_hold_ends', sql`(${table.status} = 'PROMOTED') = (${table.holdUntil} is not null)`),
  ],
)

/** Rights of access. A revocation that overtakes its grant is a row with `revoked_at` from the start. */
export const enrollmentGrants = learningSchema.table(
  'enrollment_grants',
  {
    source: text('source').$type<GrantSource>().notNull(),
    ref: text('ref').notNull(),
    enrollmentId: text('enrollment_id').$type<EnrollmentId>().notNull(),
    validFrom: instant('valid_from').notNull(),
    validUntil: instant('valid_until'),
    revokedAt: instant('revoked_at'),
    revokedFor: text('revoked_for').$type<EndReason>(),
  },
  (table) => [
    primaryKey({ name: 'enrollment_grants_once', columns: [table.source, table.ref] }),
    foreignKey({ name: 'grants_of_enrollment', columns: [table.enrollmentId], foreignColumns: [enrollments.id] }),
    index('enrollment_grants_by_enrollment').on(table.enrollmentId),
    check('grant_reason_of_end', sql`${table.revokedFor} is null or ${table.revokedAt} is not null`),
    check('grant_source_known', sql`${table.source} in ('purchase', 'free', 'admin', 'voucher')`),
  ],
)

/** What learners say of courses. */
export const reviews = learningSchema.table(
  'reviews',
  {
    id: text('id').$type<ReviewId>().primaryKey(),
    courseId: text('course_id').$type<CourseId>().notNull(),
    authorId: text('author_id').$type<UserId>().notNull(),
    stars: integer('stars').notNull(),
    text: text('text'),
    status: text('status').$type<ReviewStatus>().notNull(),
    /** A moderator took it down. */
    barred: boolean('barred').notNull(),
    submittedAt: instant('submitted_at').notNull(),
    editedAt: instant('edited_at'),
    replyText: text('reply_text'),
    repliedAt: instant('replied_at'),
    version: integer('version').notNull(),
  },
  (table) => [
    foreignKey({ name: 'reviews_of_course', columns: [table.courseId], foreignColumns: [courses.id] }),
    uniqueIndex('reviews_one_of_author').on(table.courseId, table.authorId),
    index('reviews_of_author').on(table.authorId),
    index('reviews_seen').on(table.courseId, table.id).where(sql`${table.status} = 'PUBLISHED'`),
    check('review_stars', sql`${table.stars} between 1 and 5`),
    check('review_status_known', sql`${table.status} in ('PUBLISHED', 'HIDDEN', 'REMOVED')`),
    check('review_reply_complete', sql`(${table.replyText} is null) = (${table.repliedAt} is null)`),
  ],
)

/** Who found a review helpful. */
export const reviewVotes = learningSchema.table(
  'review_votes',
  {
    reviewId: text('review_id').$type<ReviewId>().notNull(),
    voterId: text('voter_id').$type<UserId>().notNull(),
  },
  (table) => [
    primaryKey({ name: 'review_votes_once', columns: [table.reviewId, table.voterId] }),
    foreignKey({ name: 'votes_of_review', columns: [table.reviewId], foreignColumns: [reviews.id] }),
    index('review_votes_of_voter').on(table.voterId),
  ],
)

/** Reviews that a moderator should look at; a verdict ends them. */
export const reviewReports = learningSchema.table(
  'review_reports',
  {
    reviewId: text('review_id').$type<ReviewId>().notNull(),
    reporterId: text('reporter_id').$type<UserId>().notNull(),
    reason: text('reason').$type<ReportReason>().notNull(),
    reportedAt: instant('reported_at').notNull(),
    settledAt: instant('settled_at'),
  },
  (table) => [
    primaryKey({ name: 'review_reports_once', columns: [table.reviewId, table.reporterId] }),
    foreignKey({ name: 'reports_of_review', columns: [table.reviewId], foreignColumns: [reviews.id] }),
    index('review_reports_open').on(table.reviewId).where(sql`${table.settledAt} is null`),
    index('review_reports_of_reporter').on(table.reporterId),
    check('report_reason_known', sql`${table.reason} in ('spam', 'abuse', 'off_topic', 'other')`),
  ],
)

/** What the visible reviews of a course come to: how many gave one star, two stars, up to five. */
export const courseRatings = learningSchema.table(
  'course_ratings',
  {
    courseId: text('course_id').$type<CourseId>().primaryKey(),
    histogram: integer('histogram').array().notNull(),
    /** Rises with every review that is saved, so that the catalog sees changed words as well. */
    version: integer('version').notNull(),
  },
  (table) => [
    foreignKey({ name: 'rating_of_course', columns: [table.courseId], foreignColumns: [courses.id] }),
    check('rating_histogram', sql`cardinality(${table.histogram}) = 5 and 0 <= all (${table.histogram})`),
  ],
)

/** The questions of a lesson, answers included. */
export const quizzes = learningSchema.table(
  'quizzes',
  {
    id: text('id').$type<QuizId>().primaryKey(),
    courseId: text('course_id').$type<CourseId>().notNull(),
    lessonId: text('lesson_id').$type<LessonId>().notNull(),
    title: text('title').notNull(),
    questions: jsonb('questions').$type<Question[]>().notNull(),
    questionsPerAttempt: integer('questions_per_attempt'),
    maxAttempts: integer('max_attempts'),
    timeLimitSeconds: integer('time_limit_seconds'),
    passPercent: integer('pass_percent').notNull(),
    version: integer('version').notNull(),
  },
  (table) => [
    foreignKey({ name: 'quizzes_of_course', columns: [table.courseId], foreignColumns: [courses.id] }),
    uniqueIndex('quizzes_one_of_lesson').on(table.lessonId),
    index('quizzes_of_course_listed').on(table.courseId),
    check('quiz_pass_percent', sql`${table.passPercent} between 0 and 100`),
  ],
)

/** What a learner was asked, and what they answered. */
export const quizAttempts = learningSchema.table(
  'quiz_attempts',
  {
    id: text('id').$type<QuizAttemptId>().primaryKey(),
    quizId: text('quiz_id').$type<QuizId>().notNull(),
    lessonId: text('lesson_id').$type<LessonId>().notNull(),
    studentId: text('student_id').$type<UserId>().notNull(),
    number: integer('number').notNull(),
    questions: jsonb('questions').$type<readonly Question[]>().notNull(),
    passPercent: integer('pass_percent').notNull(),
    startedAt: instant('started_at').notNull(),
    deadlineAt: instant('deadline_at'),
    status: text('status').$type<AttemptState['status']>().notNull(),
    answers: jsonb('answers').$type<readonly Answer[]>(),
    score: integer('score'),
    passed: boolean('passed'),
    gradedAt: instant('graded_at'),
    version: integer('version').notNull(),
  },
  (table) => [
    foreignKey({ name: 'attempts_of_quiz', columns: [table.quizId], foreignColumns: [quizzes.id] }),
    uniqueIndex('quiz_attempts_once').on(table.quizId, table.studentId, table.number),
    index('quiz_attempts_of_student').on(table.studentId),
    check('attempt_status_known', sql`${table.status} in ('OPEN', 'GRADED')`),
    check(
      'attempt_state_complete',
      sql`num_nonnulls(${table.answers}, ${table.score}, ${table.passed}, ${table.gradedAt}) = case ${table.status} when 'GRADED' then 4 else 0 end`,
    ),
  ],
)

/** How far a learner has come; its lessons stand beside it. */
export const enrollmentProgress = learningSchema.table(
  'enrollment_progress',
  {
    enrollmentId: text('enrollment_id').$type<EnrollmentId>().primaryKey(),
    courseId: text('course_id').$type<CourseId>().notNull(),
    studentId: text('student_id').$type<UserId>().notNull(),
    finishedAt: instant('finished_at'),
    version: integer('version').notNull(),
  },
  (table) => [
    foreignKey({ name: 'progress_of_enrollment', columns: [table.enrollmentId], foreignColumns: [enrollments.id] }),
    index('enrollment_progress_of_student').on(table.courseId, table.studentId),
  ],
)

/** Rows are only ever added. */
export const lessonProgress = learningSchema.table(
  'lesson_progress',
  {
    enrollmentId: text('enrollment_id').$type<EnrollmentId>().notNull(),
    lessonId: text('lesson_id').$type<LessonId>().notNull(),
    completedAt: instant('completed_at').notNull(),
  },
  (table) => [
    primaryKey({ name: 'lesson_progress_once', columns: [table.enrollmentId, table.lessonId] }),
    foreignKey({
      name: 'lessons_of_progress',
      columns: [table.enrollmentId],
      foreignColumns: [enrollmentProgress.enrollmentId],
    }),
  ],
)

export const certificates = learningSchema.table(
  'certificates',
  {
    id: text('id').$type<CertificateId>().primaryKey(),
    enrollmentId: text('enrollment_id').$type<EnrollmentId>().notNull(),
    courseId: text('course_id').$type<CourseId>().notNull(),
    studentId: text('student_id').$type<UserId>().notNull(),
    verifyCode: text('verify_code').notNull(),
    /** As of the day of issue. */
    learnerName: text('learner_name').notNull(),
    courseTitle: text('course_title').notNull(),
    issuedAt: instant('issued_at').notNull(),
    status: text('status').$type<CertificateState['status']>().notNull(),
    revokedAt: instant('revoked_at'),
    revocationReason: text('revocation_reason').$type<RevocationReason>(),
    version: integer('version').notNull(),
  },
  (table) => [
    foreignKey({ name: 'certificates_of_enrollment', columns: [table.enrollmentId], foreignColumns: [enrollments.id] }),
    uniqueIndex('certificates_one_for_enrollment').on(table.enrollmentId),
    uniqueIndex('certificates_by_code').on(table.verifyCode),
    index('certificates_of_student').on(table.studentId),
    check('certificate_status_known', sql`${table.status} in ('ISSUED', 'REVOKED')`),
    check(
      'certificate_state_complete',
      sql`num_nonnulls(${table.revokedAt}, ${table.revocationReason}) = case ${table.status} when 'REVOKED' then 2 else 0 end`,
    ),
  ],
)

/** Identity of imported courses: the folded URL. */
export const importedCourses = learningSchema.table(
  'imported_courses',
  {
    urlKey: text('url_key').primaryKey(),
    courseId: text('course_id').$type<CourseId>().notNull(),
  },
  (table) => [
    foreignKey({ name: 'imported_courses_of_course', columns: [table.courseId], foreignColumns: [courses.id] }),
    uniqueIndex('imported_courses_by_course').on(table.courseId),
  ],
)

/** Public names of tutors, which the user service owns; the catalog shows them. */
export const tutorNames = learningSchema.table('tutor_names', {
  tutorId: text('tutor_id').$type<UserId>().primaryKey(),
  name: text('name').notNull(),
  slug: text('slug'),
  /** Of the profile that the name was read after; an older one is refused. */
  profileVersion: integer('profile_version').notNull(),
  /** The part of the catalog's revision that the name contributes. */
  changes: integer('changes').notNull(),
})
