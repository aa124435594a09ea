import { z } from 'zod'
import { CourseId } from '#domain/kernel/ids.ts'
import { DetailChanges } from '#domain/learning/course-details.ts'
import type { Course } from '#domain/learning/course.ts'
import { CourseIsArchived, CourseNotFound, NotCourseOwner, SlugTaken, SubjectUnknown } from '#domain/learning/errors.ts'
import { Slug } from '#domain/learning/slug.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { VersionMismatch } from '#bus/cqrs/errors.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { assertVersion, editableCourse } from '../authorship.ts'
import { Courses, type SlugRegistry, Slugs, Subjects } from '../ports.ts'
import { CourseResource, courseResource } from '../resources.ts'
import { assertSubjectKnown } from './create-course.ts'

export const UpdateCourse = command('learning.update_course', {
  input: z.strictObject({
    ...DetailChanges.shape,
    slug: Slug.optional().describe('The former one redirects once the course was public.'),
    courseId: CourseId,
    expectedVersion: z.int(),
  }),
  output: CourseResource,
  errors: [CourseNotFound, NotCourseOwner, CourseIsArchived, SlugTaken, SubjectUnknown, VersionMismatch],
  scope: 'courses:write',
})

export const updateCourse = handler(
  UpdateCourse,
  { courses: Courses, slugs: Slugs, subjects: Subjects },
  async ({ input: { courseId, expectedVersion, ...changes }, actor, tx }, { courses, slugs, subjects }) => {
    const course = await editableCourse(courses, courseId, actor)
    assertVersion(course, expectedVersion)
    await assertSubjectKnown(subjects, changes.subject)
    await assertSlugFree(slugs, course, changes.slug)
    course.update(changes)
    courses.save(tx, course)
    return courseResource(course)
  },
)

const assertSlugFree = async (slugs: SlugRegistry, { state }: Course, slug: Slug | undefined): Promise<void> => {
  if (slug === undefined || slug === state.slug || state.formerSlugs.includes(slug)) return
  if ((await slugs.taken([slug])).has(slug)) throw SlugTaken(slug)
}

export const updateCourseRoute = route(UpdateCourse, {
  method: 'patch',
  path: '/v1/courses/{courseId}',
  tag: 'Courses',
  summary: 'Change fields of a course',
  description: 'A field set to null is removed, where it may be missing.',
  examples: {
    input: {
      title: 'Linear algebra by drawing',
      summary: 'Vectors, matrices and maps with pencil and paper.',
      subject: 'algebra',
      externalUrl: null,
      slug: undefined,
    },
  },
})
