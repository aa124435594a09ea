import { z } from 'zod'
import { CourseId } from '#domain/kernel/ids.ts'
import { Curriculum } from '#domain/learning/curriculum.ts'
import { CourseIsArchived, CourseNotFound, CourseNotPublishable, NotCourseOwner } from '#domain/learning/errors.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { editableCourse } from '../authorship.ts'
import { CourseRuns, Courses, Curricula } from '../ports.ts'
import { CourseResource, courseResource } from '../resources.ts'

export const PublishCourse = command('learning.publish_course', {
  input: z.strictObject({ courseId: CourseId }),
  output: CourseResource,
  errors: [CourseNotFound, NotCourseOwner, CourseIsArchived, CourseNotPublishable],
  scope: 'courses:write',
})

export const publishCourse = handler(
  PublishCourse,
  { courses: Courses, curricula: Curricula, runs: CourseRuns },
  async ({ input: { courseId }, actor, tx, now }, { courses, curricula, runs }) => {
    const [course, curriculum = Curriculum.empty(courseId), offered] = await Promise.all([
      editableCourse(courses, courseId, actor),
      curricula.load(courseId),
      runs.ofCourse(courseId),
    ])
    const before = curriculum.state
    course.publish(curriculum, offered, now)
    curriculum.publish()
    courses.save(tx, course)
    if (curriculum.state !== before) curricula.save(tx, curriculum)
    return courseResource(course)
  },
)

export const publishCourseRoute = route(PublishCourse, {
  method: 'post',
  path: '/v1/courses/{courseId}/publish',
  tag: 'Courses',
  summary: 'Show a course to the public, or its curriculum as it is now',
  description: 'The course needs a title, a subject, a lesson, and a run with a price that takes enrollments now.',
})
