import type { Instant } from '#domain/kernel/clock.ts'
import type { QuizId, UserId } from '#domain/kernel/ids.ts'
import { NotEnrolled, QuizNotFound } from '#domain/learning/errors.ts'
import type { Quiz } from '#domain/learning/quiz.ts'
import type { Resolved } from '#bus/cqrs/token.ts'
import { accessAt } from './course-access.ts'
import { Access } from './enrollment-ports.ts'
import { type QuizInCourse, Quizzes } from './quiz-ports.ts'

/** What finding a quiz for a learner takes. */
export const quizReading = { quizzes: Quizzes, access: Access } as const

/** Throws `QuizNotFound`, also for one of a draft. */
export const findQuiz = async ({ quizzes }: Resolved<typeof quizReading>, quizId: QuizId): Promise<QuizInCourse> => {
  const found = await quizzes.load(quizId)
  if (!found) throw QuizNotFound(quizId)
  return found
}

/** The quiz, for a learner with access to its course. Throws `QuizNotFound` or `NotEnrolled`. */
export const quizForLearner = async (
  deps: Resolved<typeof quizReading>,
  quizId: QuizId,
  studentId: UserId,
  now: Instant,
): Promise<Quiz> => {
  const { quiz, isDraft } = await findQuiz(deps, quizId)
  const { courseId } = quiz.state
  if (isDraft) throw QuizNotFound(quizId)
  if (!accessAt(await deps.access.places(courseId, studentId), now)) throw NotEnrolled(courseId)
  return quiz
}
