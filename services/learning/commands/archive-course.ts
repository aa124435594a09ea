import { z } from 'zod'
import { CourseId } from '#domain/kernel/ids.ts'
import { CourseNotFound, CourseNotPublished, NotCourseOwner } from '#domain/learning/errors.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { archive } from '../archive.ts'
import { editableCourse } from '../authorship.ts'
import { CourseRuns, Courses } from '../ports.ts'
import { CourseResource, courseResource } from '../resources.ts'

export const ArchiveCourse = command('learning.archive_course', {
  input: z.strictObject({ courseId: CourseId }),
  output: CourseResource,
  errors: [CourseNotFound, NotCourseOwner, CourseNotPublished],
  scope: 'courses:write',
})

export const archiveCourse = handler(
  ArchiveCourse,
  { courses: Courses, runs: CourseRuns },
  async ({ input: { courseId }, actor, tx }, deps) => {
    const course = await editableCourse(deps.courses, courseId, actor)
    await archive(tx, course, deps)
    return courseResource(course)
  },
)

export const archiveCourseRoute = route(ArchiveCourse, {
  method: 'post',
  path: '/v1/courses/{courseId}/archive',
  tag: 'Courses',
  summary: 'Take a course out of the catalog for good',
  description:
    'Its runs take no further enrollments, and their waitlists end; learners who are enrolled keep their access.',
})
