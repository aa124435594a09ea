import type { EventDefinition } from '#domain/kernel/event.ts'
import type { CourseId } from '#domain/kernel/ids.ts'
import { project } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { CourseQueries, TutorCourses } from '../ports.ts'

const dropOn = <Data extends { readonly courseId: CourseId }>(event: EventDefinition<Data>) =>
  project(event, { courses: CourseQueries, lists: TutorCourses }, async ({ data }, { courses, lists }) => {
    const course = await courses.course(data.courseId)
    if (course) await lists.drop(course.tutorId)
  })

/** Events after which the list of a tutor's courses says something else. */
export const tutorCourseDrops = {
  'tutor_courses.course_published': dropOn(Learning.CoursePublished),
  'tutor_courses.course_updated': dropOn(Learning.CourseUpdated),
  'tutor_courses.course_archived': dropOn(Learning.CourseArchived),
}
