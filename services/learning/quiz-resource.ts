import { z } from 'zod'
import { Instant } from '#domain/kernel/clock.ts'
import { CourseId, LessonId, QuizAttemptId, QuizId } from '#domain/kernel/ids.ts'
import type { QuizAttempt } from '#domain/learning/quiz-attempt.ts'
import { AskedQuestion, isRight } from '#domain/learning/quiz-questions.ts'
import { type Quiz, QuizTerms } from '#domain/learning/quiz.ts'

const { questions, ...terms } = QuizTerms.shape
const names = { quizId: QuizId, courseId: CourseId, lessonId: LessonId }

/** What learners know of a quiz before they try. */
export const QuizResource = z.object({ ...names, ...terms, questionCount: z.int().min(1) })

export const quizResource = ({ state }: Quiz): z.infer<typeof QuizResource> => {
  const { id, courseId, lessonId, title, questionsPerAttempt, maxAttempts, timeLimitSeconds, passPercent } = state
  return {
    quizId: id,
    courseId,
    lessonId,
    title,
    questionsPerAttempt,
    maxAttempts,
    timeLimitSeconds,
    passPercent,
    questionCount: questionsPerAttempt ?? state.questions.length,
  }
}

/** What its author wrote, answers included. */
export const WrittenQuiz = z.object({ ...names, ...terms, questions })

export const writtenQuiz = ({ state: { id, ...rest } }: Quiz): z.infer<typeof WrittenQuiz> => ({ quizId: id, ...rest })

/** Answers are told to nobody: a graded attempt says which questions were answered right, and no more. */
export const AttemptResource = z.object({
  attemptId: QuizAttemptId,
  quizId: QuizId,
  lessonId: LessonId,
  number: z.int().min(1).describe('Which try of the learner it is.'),
  status: z.enum(['OPEN', 'EXPIRED', 'GRADED']),
  startedAt: Instant,
  deadlineAt: Instant.optional(),
  questions: z.array(AskedQuestion),
  result: z
    .object({
      score: z.int().min(0),
      max: z.int().min(1),
      passed: z.boolean(),
      gradedAt: Instant,
      right: z.array(z.int().min(1)).describe('The numbers of the questions that were answered right.'),
    })
    .optional(),
})
export type AttemptResource = z.infer<typeof AttemptResource>

const resultOf = ({ state }: QuizAttempt): AttemptResource['result'] => {
  if (state.status === 'OPEN') return undefined
  const { score, passed, gradedAt } = state
  const given = new Map(state.answers.map((answer) => [answer.number, answer]))
  const right = state.questions.flatMap((question, n) => (isRight(question, given.get(n + 1)) ? [n + 1] : []))
  return { score, max: state.questions.length, passed, gradedAt, right }
}

export const attemptResource = (attempt: QuizAttempt, now: Instant): AttemptResource => {
  const { id, quizId, lessonId, number, status, startedAt, deadlineAt } = attempt.state
  return {
    attemptId: id,
    quizId,
    lessonId,
    number,
    status: status === 'OPEN' && !attempt.isOpen(now) ? 'EXPIRED' : status,
    startedAt,
    deadlineAt,
    questions: [...attempt.asked],
    result: resultOf(attempt),
  }
}
