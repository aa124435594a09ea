import type { AnyCommandHandler, AnyQueryHandler } from '#bus/cqrs/handler.ts'
import type { Responder, Subscriber } from '#bus/messaging/handlers.ts'
import type { Route } from '#services/kit/http/route.ts'
import { cancelEnrollment, cancelEnrollmentRoute } from './commands/cancel-enrollment.ts'
import { extendAccess, extendAccessRoute } from './commands/extend-access.ts'
import { joinWaitlist, joinWaitlistRoute } from './commands/join-waitlist.ts'
import { leaveWaitlist, leaveWaitlistRoute } from './commands/leave-waitlist.ts'
import { requestEnrollment, requestEnrollmentRoute } from './commands/request-enrollment.ts'
import { revokeChargedBackGrant } from './events/revoke-charged-back-grant.ts'
import { revokeRefundedGrant } from './events/revoke-refunded-grant.ts'
import { activateEnrollment } from './messages/activate-enrollment.ts'
import { enrollStudent } from './messages/enroll-student.ts'
import { expireEnrollment } from './messages/expire-enrollment.ts'
import { closeWaitlist } from './messages/close-waitlist.ts'
import { lapseHold } from './messages/lapse-hold.ts'
import { recordPayment } from './messages/record-payment.ts'
import { releaseEnrollment } from './messages/release-enrollment.ts'
import { verifyEnrollment } from './messages/verify-enrollment.ts'
import { getCourseContent, getCourseContentRoute } from './queries/get-course-content.ts'
import { getEnrollment, getEnrollmentRoute } from './queries/get-enrollment.ts'
import { getWaitlistPlace, getWaitlistPlaceRoute } from './queries/get-waitlist-place.ts'
import { listCourseEnrollments, listCourseEnrollmentsRoute } from './queries/list-course-enrollments.ts'
import { listMyEnrollments, listMyEnrollmentsRoute } from './queries/list-my-enrollments.ts'

// The learner's side of the service: enrolling, leaving, access.

export const enrollmentCommands: readonly AnyCommandHandler[] = [
  requestEnrollment,
  cancelEnrollment,
  extendAccess,
  joinWaitlist,
  leaveWaitlist,
]

export const enrollmentQueries: readonly AnyQueryHandler[] = [
  getEnrollment,
  listMyEnrollments,
  listCourseEnrollments,
  getCourseContent,
  getWaitlistPlace,
]

export const enrollmentMessages: readonly Responder[] = [
  recordPayment,
  activateEnrollment,
  releaseEnrollment,
  verifyEnrollment,
  enrollStudent,
  expireEnrollment,
  lapseHold,
  closeWaitlist,
]

export const enrollmentEvents: Readonly<Record<string, Subscriber>> = {
  'enrollment.refund_processed': revokeRefundedGrant,
  'enrollment.dispute_closed': revokeChargedBackGrant,
}

export const enrollmentRoutes: readonly Route[] = [
  requestEnrollmentRoute,
  cancelEnrollmentRoute,
  extendAccessRoute,
  getEnrollmentRoute,
  listMyEnrollmentsRoute,
  listCourseEnrollmentsRoute,
  getCourseContentRoute,
  joinWaitlistRoute,
  leaveWaitlistRoute,
  getWaitlistPlaceRoute,
]
