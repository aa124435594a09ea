import type { AnyCommandHandler, AnyQueryHandler } from '#bus/cqrs/handler.ts'
import type { AnyRoute } from '#services/kit/http/operation.ts'
import { putQuiz, putQuizRoute } from './commands/put-quiz.ts'
import { startQuizAttempt, startQuizAttemptRoute } from './commands/start-quiz-attempt.ts'
import { submitQuizAttempt, submitQuizAttemptRoute } from './commands/submit-quiz-attempt.ts'
import { getQuizAttempt, getQuizAttemptRoute } from './queries/get-quiz-attempt.ts'
import { getQuiz, getQuizRoute } from './queries/get-quiz.ts'
import { getWrittenQuiz, getWrittenQuizRoute } from './queries/get-written-quiz.ts'

// Quizzes: written by tutors, tried by learners, graded here.

export const quizCommands: readonly AnyCommandHandler[] = [putQuiz, startQuizAttempt, submitQuizAttempt]

export const quizQueries: readonly AnyQueryHandler[] = [getQuiz, getWrittenQuiz, getQuizAttempt]

export const quizRoutes: readonly AnyRoute[] = [
  getWrittenQuizRoute,
  putQuizRoute,
  getQuizRoute,
  startQuizAttemptRoute,
  getQuizAttemptRoute,
  submitQuizAttemptRoute,
]
