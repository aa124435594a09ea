import { z } from 'zod'
import { QuizAttemptId } from '#domain/kernel/ids.ts'
import { AttemptNotFound } from '#domain/learning/errors.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { Attempts } from '../quiz-ports.ts'
import { AttemptResource, attemptResource } from '../quiz-resource.ts'
import { signedIn } from '../signed-in.ts'

export const GetQuizAttempt = query('learning.get_quiz_attempt', {
  input: z.strictObject({ attemptId: QuizAttemptId }),
  output: AttemptResource,
  errors: [AttemptNotFound],
  scope: 'enrollments:read',
})

export const getQuizAttempt = queryHandler(
  GetQuizAttempt,
  { attempts: Attempts },
  async ({ input: { attemptId }, actor, now }, { attempts }) => {
    const attempt = await attempts.load(attemptId)
    if (attempt?.state.studentId !== signedIn(actor).userId) throw AttemptNotFound(attemptId)
    return attemptResource(attempt, now)
  },
)

export const getQuizAttemptRoute = route(GetQuizAttempt, {
  method: 'get',
  path: '/v1/quiz-attempts/{attemptId}',
  tag: 'Quizzes',
  summary: "Get one of the caller's attempts",
  description: 'With its questions, in the order in which they were asked, and its grade once it is handed in.',
})
