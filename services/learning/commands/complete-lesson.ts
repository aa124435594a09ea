import { z } from 'zod'
import { EnrollmentId, LessonId } from '#domain/kernel/ids.ts'
import { EnrollmentNotFound, LessonGated, LessonNotFound, NotEnrolled, QuizNotPassed } from '#domain/learning/errors.ts'
import { Progress } from '#domain/learning/progress.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { Sagas } from '#services/kit/ports.ts'
import { ContentQueries, Enrollments } from '../enrollment-ports.ts'
import { ProgressRepository } from '../progress-ports.ts'
import { QuizQueries } from '../quiz-ports.ts'
import { ProgressResource, progressResource } from '../progress-resource.ts'
import { LessonProgress } from '../sagas/lesson-progress.ts'
import { signedIn } from '../signed-in.ts'

export const CompleteLesson = command('learning.complete_lesson', {
  input: z.strictObject({ enrollmentId: EnrollmentId, lessonId: LessonId }),
  output: ProgressResource,
  errors: [EnrollmentNotFound, NotEnrolled, LessonNotFound, LessonGated, QuizNotPassed],
  scope: 'enrollments:write',
})

/** Two lessons at the same time are a conflict, so that one of them sees that it is the last. */
export const completeLesson = handler(
  CompleteLesson,
  {
    enrollments: Enrollments,
    contents: ContentQueries,
    progresses: ProgressRepository,
    quizzes: QuizQueries,
    sagas: Sagas,
  },
  async (
    { input: { enrollmentId, lessonId }, actor, tx, now },
    { enrollments, contents, progresses, quizzes, sagas },
  ) => {
    const enrollment = await enrollments.load(enrollmentId)
    if (enrollment?.state.studentId !== signedIn(actor).userId) throw EnrollmentNotFound(enrollmentId)
    const { courseId, studentId } = enrollment.state
    if (!enrollment.hasAccess(now)) throw NotEnrolled(courseId)
    const [content, known, isQuizOpen] = await Promise.all([
      contents.content(courseId),
      progresses.load(enrollmentId),
      quizzes.isOpen(lessonId, studentId),
    ])
    const sections = content?.sections ?? []
    const progress = known ?? Progress.begin(enrollment.state)
    const before = progress.state
    progress.complete(lessonId, sections, now, isQuizOpen ? 'open' : 'passed')
    if (progress.state === before) return progressResource(progress, sections)

    progresses.save(tx, progress)
    if (before.finishedAt === undefined && progress.state.finishedAt !== undefined)
      sagas.start(tx, LessonProgress, enrollmentId, { enrollmentId })
    return progressResource(progress, sections)
  },
)

export const completeLessonRoute = route(CompleteLesson, {
  method: 'put',
  path: '/v1/enrollments/{enrollmentId}/lessons/{lessonId}/completion',
  tag: 'Progress',
  summary: 'Complete a lesson',
  description:
    'Again changes nothing, and nothing takes it back. A gated lesson answers 409 until the required lessons before it ' +
    'are completed, and one with a quiz until that is passed; the last required lesson completes the enrollment, and a certificate follows.',
  links: {
    progress: { operationId: 'getProgress', parameters: { enrollmentId: '$response.body#/enrollmentId' } },
  },
})
