import { z } from 'zod'
import { LessonId } from '#domain/kernel/ids.ts'
import { LessonNotFound, NotCourseOwner, QuizInvalid } from '#domain/learning/errors.ts'
import { Quiz, QuizTerms } from '#domain/learning/quiz.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { editableLesson } from '../authorship.ts'
import { Courses } from '../ports.ts'
import { Quizzes } from '../quiz-ports.ts'
import { QuizResource, quizResource } from '../quiz-resource.ts'

export const PutQuiz = command('learning.put_quiz', {
  input: z.strictObject({ lessonId: LessonId, ...QuizTerms.shape }),
  output: QuizResource,
  errors: [LessonNotFound, NotCourseOwner, QuizInvalid],
  scope: 'courses:write',
})

export const putQuiz = handler(
  PutQuiz,
  { quizzes: Quizzes, courses: Courses },
  async ({ input: { lessonId, ...terms }, actor, tx, ids }, { quizzes, courses }) => {
    const courseId = await editableLesson({ quizzes, courses }, lessonId, actor)
    const known = await quizzes.ofLesson(lessonId)
    known?.rewrite(terms)
    const quiz = known ?? Quiz.write({ id: ids.next('quz'), courseId, lessonId }, terms)
    quizzes.save(tx, quiz)
    return quizResource(quiz)
  },
)

export const putQuizRoute = route(PutQuiz, {
  method: 'put',
  path: '/v1/lessons/{lessonId}/quiz',
  tag: 'Quizzes',
  summary: 'Write the quiz of a lesson',
  description:
    'All of it: what was there before is replaced. Attempts that have begun keep the questions they were asked. ' +
    '`npm run import -- quiz` writes one from a GIFT file.',
  links: { quiz: { operationId: 'getQuiz', parameters: { quizId: '$response.body#/quizId' } } },
})
