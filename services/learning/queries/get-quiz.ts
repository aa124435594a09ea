import { z } from 'zod'
import { QuizId } from '#domain/kernel/ids.ts'
import { NotEnrolled, QuizNotFound } from '#domain/learning/errors.ts'
import { hasRole } from '#bus/cqrs/actor.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { findQuiz, quizForLearner, quizReading } from '../quiz-access.ts'
import { QuizResource, quizResource } from '../quiz-resource.ts'
import { signedIn } from '../signed-in.ts'

export const GetQuiz = query('learning.get_quiz', {
  input: z.strictObject({ quizId: QuizId }),
  output: QuizResource,
  errors: [QuizNotFound, NotEnrolled],
  scope: 'content:read',
})

export const getQuiz = queryHandler(GetQuiz, quizReading, async ({ input: { quizId }, actor, now }, deps) => {
  const { userId } = signedIn(actor)
  const { quiz, tutorId } = await findQuiz(deps, quizId)
  if (tutorId === userId || hasRole(actor, 'admin')) return quizResource(quiz)
  return quizResource(await quizForLearner(deps, quizId, userId, now))
})

export const getQuizRoute = route(GetQuiz, {
  method: 'get',
  path: '/v1/quizzes/{quizId}',
  tag: 'Quizzes',
  summary: 'Get what a quiz asks for',
  description:
    'Its terms, not its questions: those come with an attempt. For learners with access, the tutor and admins.',
})
