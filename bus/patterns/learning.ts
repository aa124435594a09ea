import {
  CourseArchived,
  CourseCreated,
  CoursePublished,
  CourseRunOpened,
  CourseRunUpdated,
  CourseUpdated,
  EnrollmentCancelled,
  EnrollmentRequested,
  StudentEnrolled,
  WaitlistPromoted,
} from '#domain/learning/events.ts'
import {
  ActivateEnrollment,
  GetCourseById,
  GetOffer,
  LapseHold,
  RecordPayment,
  ReleaseEnrollment,
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
    WaitlistPromoted,
  },
  answers: {
    GetCourseById,
    VerifyEnrollment,
    GetOffer,
    RecordPayment,
    ActivateEnrollment,
    ReleaseEnrollment,
    LapseHold,
  },
})
