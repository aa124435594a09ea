import { z } from 'zod'
import { QuizId } from '#domain/kernel/ids.ts'
import { NoAttemptsLeft, NotEnrolled, QuizNotFound } from '#domain/learning/errors.ts'
import { QuizAttempt } from '#domain/learning/quiz-attempt.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { quizForLearner, quizReading } from '../quiz-access.ts'
import { Attempts } from '../quiz-ports.ts'
import { AttemptResource, attemptResource } from '../quiz-resource.ts'
import { signedIn } from '../signed-in.ts'

export const StartQuizAttempt = command('learning.start_quiz_attempt', {
  input: z.strictObject({ quizId: QuizId }),
  output: AttemptResource,
  errors: [QuizNotFound, NotEnrolled, NoAttemptsLeft],
  scope: 'enrollments:write',
  idempotent: true,
})

/** One that is open is handed back: two starts at once are one attempt. */
export const startQuizAttempt = handler(
  StartQuizAttempt,
  { ...quizReading, attempts: Attempts },
  async ({ input: { quizId }, actor, tx, now, ids }, { attempts, ...deps }) => {
    const studentId = signedIn(actor).userId
    const quiz = await quizForLearner(deps, quizId, studentId, now)
    const latest = await attempts.latest(quizId, studentId)
    if (latest?.isOpen(now)) return attemptResource(latest, now)
    const attempt = QuizAttempt.start(ids.next('qat'), quiz, studentId, latest?.state.number ?? 0, now)
    attempts.save(tx, attempt)
    return attemptResource(attempt, now)
  },
)

export const startQuizAttemptRoute = route(StartQuizAttempt, {
  method: 'post',
  path: '/v1/quizzes/{quizId}/attempts',
  status: 201,
  tag: 'Quizzes',
  summary: 'Try a quiz',
  description:
    'Draws and shuffles the questions, and sets the deadline where the quiz has one. An attempt that is open is handed ' +
    'back; one whose time is over counts as a try.',
  location: ({ attemptId }) => `/v1/quiz-attempts/${attemptId}`,
  links: { attempt: { operationId: 'getQuizAttempt', parameters: { attemptId: '$response.body#/attemptId' } } },
})
