import {
  CertificateIssued,
  CertificateRevoked,
  CourseArchived,
  CourseCompleted,
  CourseCreated,
  CoursePublished,
  CourseRunOpened,
  CourseRunUpdated,
  CourseUpdated,
  EnrollmentCancelled,
  EnrollmentExpired,
  EnrollmentRequested,
  LessonCompleted,
  QuizGraded,
  StudentEnrolled,
  WaitlistPromoted,
} from '#domain/learning/events.ts'
import {
  ActivateEnrollment,
  CompleteEnrollment,
  GetCourseById,
  GetOffer,
  IssueCertificate,
  EnrollStudent,
  EraseUser,
  ExportUser,
  ExpireEnrollment,
  LapseHold,
  RecordPayment,
  ReleaseEnrollment,
  VerifyCompleted,
  VerifyEnrollment,
} from '#domain/learning/messages.ts'
import { AggregateChanged, ReviewHidden, ReviewSubmitted, ReviewUpdated } from '#domain/review/events.ts'
import { CanReview, GetAggregate } from '#domain/review/messages.ts'
import { patterns } from './patterns.ts'

/** What the learning service tells others, and what it answers. */
export { CourseNotFound, RunNotFound } from '#domain/learning/errors.ts'

/** What the learning service tells others, and what it answers. */
export const Learning = patterns('learning', {
  publishes: {
    CourseCreated,
    CourseUpdated,
    CoursePublished,
    CourseArchived,
    CourseRunOpened,
    CourseRunUpdated,
    EnrollmentRequested,
    StudentEnrolled,
    EnrollmentCancelled,
    EnrollmentExpired,
    ReviewSubmitted,
    ReviewUpdated,
    ReviewHidden,
    AggregateChanged,
    LessonCompleted,
    QuizGraded,
    CourseCompleted,
    CertificateIssued,
    CertificateRevoked,
    WaitlistPromoted,
  },
  answers: {
    GetCourseById,
    VerifyEnrollment,
    VerifyCompleted,
    GetOffer,
    RecordPayment,
    ActivateEnrollment,
    ReleaseEnrollment,
    CompleteEnrollment,
    IssueCertificate,
    EnrollStudent,
    EraseUser,
    ExportUser,
    ExpireEnrollment,
    LapseHold,
    GetAggregate,
    CanReview,
  },
})
