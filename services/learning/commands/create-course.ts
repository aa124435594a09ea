import { z } from 'zod'
import { Course } from '#domain/learning/course.ts'
import { DraftDetails } from '#domain/learning/course-details.ts'
import { Curriculum } from '#domain/learning/curriculum.ts'
import { SlugTaken, SubjectUnknown } from '#domain/learning/errors.ts'
import { Slug, slugOf } from '#domain/learning/slug.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { signedIn } from '../signed-in.ts'
import { findFreeSlugs } from '../find-free-slug.ts'
import { Courses, Curricula, type SlugRegistry, Slugs, type SubjectRegistry, Subjects } from '../ports.ts'
import { CourseResource, courseResource } from '../resources.ts'

export const CreateCourse = command('learning.create_course', {
  input: z.strictObject({
    ...DraftDetails.shape,
    slug: Slug.optional().describe('Made from the title when absent.'),
  }),
  output: CourseResource,
  errors: [SlugTaken, SubjectUnknown],
  scope: 'courses:write',
  idempotent: true,
})

export const createCourse = handler(
  CreateCourse,
  { courses: Courses, curricula: Curricula, slugs: Slugs, subjects: Subjects },
  async ({ input: { slug: wanted, ...details }, actor, tx, ids, now }, { courses, curricula, slugs, subjects }) => {
    const { userId: tutorId } = signedIn(actor)
    await assertSubjectKnown(subjects, details.subject)
    const slug = await slugFor(slugs, wanted, details.title)
    const course = Course.create({ id: ids.next('crs'), tutorId, slug }, details, now)
    courses.save(tx, course)
    curricula.save(tx, Curriculum.empty(course.id))
    return courseResource(course)
  },
)

export const assertSubjectKnown = async (subjects: SubjectRegistry, slug: string | undefined): Promise<void> => {
  if (slug !== undefined && !(await subjects.known([slug])).has(slug)) throw SubjectUnknown(slug)
}

/** A slug that was asked for is given or refused; one from the title is made free. */
const slugFor = async (slugs: SlugRegistry, wanted: Slug | undefined, title = ''): Promise<Slug> => {
  if (wanted === undefined) return (await findFreeSlugs(slugs, [slugOf(title)]))[0] ?? slugOf(title)
  if ((await slugs.taken([wanted])).has(wanted)) throw SlugTaken(wanted)
  return wanted
}

export const createCourseRoute = route(CreateCourse, {
  method: 'post',
  path: '/v1/courses',
  tag: 'Courses',
  summary: 'Create a course as a draft of the caller',
  status: 201,
  location: ({ courseId }) => `/v1/courses/${courseId}`,
  links: {
    getCourse: { operationId: 'getCourse', parameters: { courseId: '$response.body#/courseId' } },
    putCurriculum: { operationId: 'putCurriculum', parameters: { courseId: '$response.body#/courseId' } },
  },
  // Try-it sends it as it is, so the subject is one of the taxonomy, and nothing in it exists only once.
  examples: {
    input: {
      title: 'Linear algebra by drawing',
      summary: 'Vectors and matrices with pencil and paper.',
      description: 'Every idea begins as a drawing.',
      subject: 'algebra',
      level: 'beginner',
      externalUrl: undefined,
      slug: undefined,
    },
  },
})
