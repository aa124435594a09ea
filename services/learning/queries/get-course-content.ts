import { z } from 'zod'
import { CourseId, LessonId, QuizId } from '#domain/kernel/ids.ts'
import { Title } from '#domain/learning/course-details.ts'
import { Sections } from '#domain/learning/curriculum.ts'
import { CourseNotFound, NotEnrolled } from '#domain/learning/errors.ts'
import { hasRole } from '#bus/cqrs/actor.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { accessAt } from '../course-access.ts'
import { Access, ContentQueries } from '../enrollment-ports.ts'
import { QuizQueries } from '../quiz-ports.ts'
import { signedIn } from '../signed-in.ts'

export const GetCourseContent = query('learning.get_course_content', {
  input: z.strictObject({ courseId: CourseId }),
  output: z.object({
    courseId: CourseId,
    /** Counts the publications; 0 for a draft, which its tutor sees as it stands. */
    revision: z.int().min(0),
    sections: Sections,
    quizzes: z.array(z.object({ quizId: QuizId, lessonId: LessonId, title: Title })).max(1_000),
  }),
  errors: [CourseNotFound, NotEnrolled],
  scope: 'content:read',
})

/** A public course may say that it has content, a foreign draft may not. */
export const getCourseContent = queryHandler(
  GetCourseContent,
  { contents: ContentQueries, access: Access, quizzes: QuizQueries },
  async ({ input: { courseId }, actor, now }, { contents, access, quizzes }) => {
    const { userId } = signedIn(actor)
    const found = await contents.content(courseId)
    if (!found) throw CourseNotFound(courseId)
    const isTheirs = found.tutorId === userId || hasRole(actor, 'admin')
    if (!isTheirs && found.status === 'DRAFT') throw CourseNotFound(courseId)
    if (!isTheirs && !accessAt(await access.places(courseId, userId), now)) throw NotEnrolled(courseId)
    const lessons = new Set(found.sections.flatMap((section) => section.lessons.map(({ id }) => id)))
    const asked = (await quizzes.ofCourse(courseId)).filter(({ lessonId }) => lessons.has(lessonId))
    return { courseId, revision: found.revision, sections: [...found.sections], quizzes: asked }
  },
)

export const getCourseContentRoute = route(GetCourseContent, {
  method: 'get',
  path: '/v1/courses/{courseId}/content',
  tag: 'Enrollments',
  summary: 'Get the lessons of a course',
  description: 'For learners with access now, the tutor of the course and admins.',
})
