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
  EnrollmentRequested,
  LessonCompleted,
  StudentEnrolled,
} from '#domain/learning/events.ts'
import {
  ActivateEnrollment,
  CompleteEnrollment,
  GetCourseById,
  GetOffer,
  IssueCertificate,
  RecordPayment,
  ReleaseEnrollment,
  VerifyCompleted,
  VerifyEnrollment,
} from '#domain/learning/messages.ts'
import { patterns } from './patterns.ts'

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
    LessonCompleted,
    CourseCompleted,
    CertificateIssued,
    CertificateRevoked,
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
  },
})
