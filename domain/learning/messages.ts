import { z } from 'zod'
import { Title } from './course-details.ts'
import { Instant } from '../kernel/clock.ts'
import {
  CertificateId,
  CourseId,
  CourseRunId,
  EnrollmentId,
  PaymentId,
  UserId,
  WaitlistEntryId,
} from '../kernel/ids.ts'
import { eraseUser, exportUser } from '../kernel/personal-data.ts'
import { message } from '../kernel/message.ts'
import { Money } from '../kernel/money.ts'
import { DraftDetails } from './course-details.ts'
import { EndReason, EnrollmentStatus } from './enrollment-state.ts'
import {
  AlreadyEnrolled,
  CourseNotFound,
  EnrollmentClosed,
  EnrollmentNotCompleted,
  EnrollmentNotFound,
  ExtensionInPast,
  GrantInUse,
  GrantRevoked,
  PaymentMismatch,
  RunFull,
  RunNotFound,
  RunNotOpen,
  WaitlistEntryNotFound,
} from './errors.ts'
import { GrantReference } from './grant.ts'
import { Slug } from './slug.ts'
import { WaitlistStatus } from './waitlist.ts'

/** A course as other services see it; drafts too, since only services ask. */
export const CourseDto = DraftDetails.extend({
  courseId: CourseId,
  tutorId: UserId,
  slug: Slug,
  status: z.enum(['DRAFT', 'PUBLISHED', 'ARCHIVED']),
  version: z.int().min(1),
})
export type CourseDto = z.infer<typeof CourseDto>

export const GetCourseById = message('course.get_by_id', {
  input: z.object({ courseId: CourseId }),
  output: CourseDto,
  errors: [CourseNotFound],
  idempotent: true,
})

/** Published courses of a subject and of those below it, newest first; `next` is where the next page begins after. */
export const GetCoursesBySubject = message('course.get_by_subject', {
  input: z.object({ subject: Slug, after: CourseId.optional(), limit: z.int().min(1).max(100) }),
  output: z.object({ courses: z.array(CourseDto), next: CourseId.optional() }),
  idempotent: true,
})

/** Whether a learner has access to a course now, through any of its runs. */
export const VerifyEnrollment = message('course.verify_enrollment', {
  input: z.object({ courseId: CourseId, studentId: UserId }),
  output: z.object({
    enrolled: z.boolean(),
    enrollmentId: EnrollmentId.optional(),
    accessUntil: Instant.optional(),
  }),
  idempotent: true,
})

export const GetOffer = message('course.get_offer', {
  input: z.object({ courseRunId: CourseRunId }),
  output: z.object({
    /** Absent from a service that is a version behind, as are who teaches the course and its title. */
    courseId: CourseId.optional(),
    tutorId: UserId.optional(),
    title: Title.optional(),
    price: Money,
    seatsLeft: z.int().min(0),
    open: z.boolean(),
  }),
  errors: [RunNotFound],
  idempotent: true,
})

const EnrollmentOutcome = z.object({ enrollmentId: EnrollmentId, status: EnrollmentStatus })

/** Notes which payment pays for the enrollment, so that its learner can find it. */
export const RecordPayment = message('course.record_payment', {
  input: z.object({ enrollmentId: EnrollmentId, paymentId: PaymentId }),
  output: z.object({ enrollmentId: EnrollmentId }),
  errors: [EnrollmentNotFound, PaymentMismatch],
  audience: 'self',
})

/** Grants access and takes the held seat. Any of its errors is a definite decline. */
export const ActivateEnrollment = message('course.activate_enrollment', {
  input: z.object({ enrollmentId: EnrollmentId, grant: GrantReference, paymentId: PaymentId.optional() }),
  output: EnrollmentOutcome,
  errors: [EnrollmentNotFound, EnrollmentClosed, GrantRevoked, AlreadyEnrolled, PaymentMismatch, RunFull],
  audience: 'self',
})

export const EraseUser = eraseUser('course.erase_user')

export const ExportUser = exportUser('course.export_user')

/** Goes through the published courses of somebody who has left, page by page; says how many this page had. */
export const RetireCourses = message('course.retire_courses', {
  input: z.object({ tutorId: UserId, after: CourseId.optional() }),
  output: z.object({ courses: z.int() }),
  audience: 'self',
})

/** Takes a course out of the catalog whose tutor has left: nothing is sold any more, and whoever is enrolled stays. */
export const RetireCourse = message('course.retire', {
  input: z.object({ courseId: CourseId }),
  output: z.object({ archived: z.boolean() }),
  audience: 'self',
})

/** Ends the waiting for seats of a run that takes no further enrollments. */
export const CloseWaitlist = message('course.close_waitlist', {
  input: z.object({ courseRunId: CourseRunId }),
  output: z.object({ ended: z.int() }),
  audience: 'self',
})

/** A voucher or an act of staff: access without a payment, until an instant perhaps. */
export const AccessGrant = GrantReference.extend({
  source: z.enum(['admin', 'voucher']),
  validUntil: Instant.optional(),
})

/**
 * Enrolls a learner without a payment; one who is in the run already gets the grant beside their others. A grant that was
 * used gets the enrollment it opened, whatever became of that.
 */
export const EnrollStudent = message('course.enroll_student', {
  input: z.object({ courseRunId: CourseRunId, studentId: UserId, grant: AccessGrant }),
  output: EnrollmentOutcome,
  errors: [RunNotFound, RunNotOpen, RunFull, ExtensionInPast, GrantInUse, GrantRevoked],
})

/** Ends an enrollment whose last grant has run out; the answer tells the status that stands. */
export const ExpireEnrollment = message('course.expire_enrollment', {
  input: z.object({ enrollmentId: EnrollmentId }),
  output: EnrollmentOutcome,
  errors: [EnrollmentNotFound],
  audience: 'self',
})

/** Gives the held seat back; the answer tells the status that stands, whether or not this changed it. */
export const ReleaseEnrollment = message('course.release_enrollment', {
  input: z.object({ enrollmentId: EnrollmentId, reason: EndReason }),
  output: EnrollmentOutcome,
  errors: [EnrollmentNotFound],
  audience: 'self',
})

/** Passes the seat of a promoted learner on, when its time is over or at once; the answer tells the status that stands. */
export const LapseHold = message('course.lapse_hold', {
  input: z.object({ entryId: WaitlistEntryId, when: z.enum(['due', 'now']) }),
  output: z.object({ entryId: WaitlistEntryId, status: WaitlistStatus }),
  errors: [WaitlistEntryNotFound],
  audience: 'self',
})

/** Whether a learner has completed a course through any of its runs, and how far the furthest of them is. */
export const VerifyCompleted = message('course.verify_completed', {
  input: z.object({ courseId: CourseId, studentId: UserId }),
  output: z.object({ completed: z.boolean(), progressPct: z.int().min(0).max(100) }),
  idempotent: true,
})

/** All required lessons are done. */
export const CompleteEnrollment = message('course.complete_enrollment', {
  input: z.object({ enrollmentId: EnrollmentId }),
  output: EnrollmentOutcome,
  errors: [EnrollmentNotFound, EnrollmentClosed],
  audience: 'self',
})

/** One for each completed enrollment; none where the account of its learner is gone. */
export const IssueCertificate = message('course.issue_certificate', {
  input: z.object({ enrollmentId: EnrollmentId }),
  output: z.object({ certificateId: CertificateId.optional() }),
  errors: [EnrollmentNotFound, EnrollmentNotCompleted],
  audience: 'self',
})
