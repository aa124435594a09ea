import { z } from 'zod'
import { Instant } from '../kernel/clock.ts'
import { event } from '../kernel/event.ts'
import {
  CertificateId,
  CourseId,
  CourseRunId,
  EnrollmentId,
  LessonId,
  PaymentId,
  QuizAttemptId,
  UserId,
} from '../kernel/ids.ts'
import { Money } from '../kernel/money.ts'
import { LanguageTag, Title } from './course-details.ts'
import { EndReason } from './enrollment-state.ts'
import { GrantSource } from './grant.ts'
import { Slug } from './slug.ts'
import { VerifyCode } from './verify-code.ts'

/** Open to subjects that a reader does not know yet. */
const Subject = z.string().max(80)
const Version = z.int().min(1)
const Changed = z.array(z.string().max(40))

/** A draft may have neither title nor subject yet. */
export const CourseCreated = event('course.created', {
  version: 1,
  data: z.object({
    courseId: CourseId,
    tutorId: UserId,
    title: Title.optional(),
    subject: Subject.optional(),
    language: LanguageTag,
    slug: Slug,
  }),
})

export const CourseUpdated = event('course.updated', {
  version: 1,
  data: z.object({ courseId: CourseId, version: Version, changed: Changed }),
})

export const CoursePublished = event('course.published', {
  version: 1,
  data: z.object({
    courseId: CourseId,
    version: Version,
    slug: Slug,
    subject: Subject,
    tutorId: UserId,
    priceFrom: Money,
  }),
})

export const CourseArchived = event('course.archived', {
  version: 1,
  data: z.object({ courseId: CourseId, slug: Slug }),
})

export const CourseRunOpened = event('course.run_opened', {
  version: 1,
  data: z.object({
    courseRunId: CourseRunId,
    courseId: CourseId,
    startsAt: Instant,
    endsAt: Instant,
    capacity: z.int().min(1),
    price: Money,
  }),
})

export const CourseRunUpdated = event('course.run_updated', {
  version: 1,
  data: z.object({ courseRunId: CourseRunId, courseId: CourseId, version: Version, changed: Changed }),
})

const EnrollmentNames = z.object({
  enrollmentId: EnrollmentId,
  courseId: CourseId,
  courseRunId: CourseRunId,
  studentId: UserId,
})

export const EnrollmentRequested = event('course.enrollment_requested', {
  version: 1,
  data: EnrollmentNames.extend({ price: Money }),
})

export const StudentEnrolled = event('course.student_enrolled', {
  version: 1,
  data: EnrollmentNames.extend({
    paymentId: PaymentId.optional(),
    source: GrantSource,
    accessUntil: Instant.optional(),
  }),
})

export const EnrollmentCancelled = event('course.enrollment_cancelled', {
  version: 1,
  data: EnrollmentNames.extend({ reason: EndReason }),
})

/** Its last grant has run out; a new one opens it again. */
export const EnrollmentExpired = event('course.enrollment_expired', { version: 1, data: EnrollmentNames })

export const LessonCompleted = event('course.lesson_completed', {
  version: 1,
  data: z.object({
    enrollmentId: EnrollmentId,
    courseId: CourseId,
    lessonId: LessonId,
    studentId: UserId,
    progressPct: z.int().min(0).max(100),
  }),
})

/** The score is the number of questions that were answered right. */
export const QuizGraded = event('course.quiz_graded', {
  version: 1,
  data: z.object({
    attemptId: QuizAttemptId,
    lessonId: LessonId,
    studentId: UserId,
    score: z.int().min(0),
    max: z.int().min(1),
    passed: z.boolean(),
  }),
})

/** The grade is absent where a course has nothing that is graded. */
export const CourseCompleted = event('course.completed', {
  version: 1,
  data: EnrollmentNames.extend({ grade: z.number().min(0).max(100).optional() }),
})

const CertificateNames = z.object({
  certificateId: CertificateId,
  enrollmentId: EnrollmentId,
  verifyCode: VerifyCode,
})

export const CertificateIssued = event('course.certificate_issued', { version: 1, data: CertificateNames })

export const CertificateRevoked = event('course.certificate_revoked', { version: 1, data: CertificateNames })

/** A seat is held for the learner until then. */
export const WaitlistPromoted = event('course.waitlist_promoted', {
  version: 1,
  data: z.object({ courseRunId: CourseRunId, studentId: UserId, holdUntil: Instant }),
})
