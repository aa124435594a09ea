import { z } from 'zod'
import { QuizAttemptId } from '#domain/kernel/ids.ts'
import { AnswersInvalid, AttemptClosed, AttemptNotFound } from '#domain/learning/errors.ts'
import { Answer } from '#domain/learning/quiz-questions.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { Attempts } from '../quiz-ports.ts'
import { AttemptResource, attemptResource } from '../quiz-resource.ts'
import { signedIn } from '../signed-in.ts'

export const SubmitQuizAttempt = command('learning.submit_quiz_attempt', {
  input: z.strictObject({ attemptId: QuizAttemptId, answers: z.array(Answer).max(1_000) }),
  output: AttemptResource,
  errors: [AttemptNotFound, AttemptClosed, AnswersInvalid],
  scope: 'enrollments:write',
})

/** Two submissions at once are a conflict: one grades, and the other meets the grade. */
export const submitQuizAttempt = handler(
  SubmitQuizAttempt,
  { attempts: Attempts },
  async ({ input: { attemptId, answers }, actor, tx, now }, { attempts }) => {
    const attempt = await attempts.load(attemptId)
    if (attempt?.state.studentId !== signedIn(actor).userId) throw AttemptNotFound(attemptId)
    attempt.submit(answers, now)
    if (attempt.events.length > 0) attempts.save(tx, attempt)
    return attemptResource(attempt, now)
  },
)

export const submitQuizAttemptRoute = route(SubmitQuizAttempt, {
  method: 'put',
  path: '/v1/quiz-attempts/{attemptId}/submission',
  tag: 'Quizzes',
  summary: 'Hand in the answers',
  description:
    'Graded once; what is left out counts as wrong. The same answers again get the same grade; others, and any after ' +
    'the deadline, are refused.',
})
