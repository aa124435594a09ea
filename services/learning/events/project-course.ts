import { Learning } from '#bus/patterns/learning.ts'
import { project } from '#bus/messaging/handlers.ts'
import type { EventDefinition } from '#domain/kernel/event.ts'
import type { CourseId } from '#domain/kernel/ids.ts'
import { CatalogProjector } from '../ports.ts'

/** Whatever the event says: the projector reads what is true now, so that no order of arrival matters. */
const projectOn = <Data extends { readonly courseId: CourseId }>(event: EventDefinition<Data>) =>
  project(event, { catalog: CatalogProjector }, ({ data }, { catalog }) => catalog.project(data.courseId))

/** What is said of a course stands on its page, and its rating on its card. */
const projectReviewed = <Data extends { readonly targetId: CourseId }>(event: EventDefinition<Data>) =>
  project(event, { catalog: CatalogProjector }, ({ data }, { catalog }) => catalog.project(data.targetId))

/** Events after which the public may see something else. Enrollments are among them, since they fill and free runs. */
export const catalogProjections = {
  'catalog.course_published': projectOn(Learning.CoursePublished),
  'catalog.course_updated': projectOn(Learning.CourseUpdated),
  'catalog.course_archived': projectOn(Learning.CourseArchived),
  'catalog.run_opened': projectOn(Learning.CourseRunOpened),
  'catalog.run_updated': projectOn(Learning.CourseRunUpdated),
  'catalog.enrollment_requested': projectOn(Learning.EnrollmentRequested),
  'catalog.student_enrolled': projectOn(Learning.StudentEnrolled),
  'catalog.enrollment_cancelled': projectOn(Learning.EnrollmentCancelled),
  'catalog.enrollment_expired': projectOn(Learning.EnrollmentExpired),
  'catalog.review_submitted': projectReviewed(Learning.ReviewSubmitted),
  'catalog.review_updated': projectReviewed(Learning.ReviewUpdated),
  'catalog.review_hidden': projectReviewed(Learning.ReviewHidden),
}
