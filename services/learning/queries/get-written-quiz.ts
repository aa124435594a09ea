import { z } from 'zod'
import { LessonId } from '#domain/kernel/ids.ts'
import { LessonNotFound, NotCourseOwner, QuizNotFound } from '#domain/learning/errors.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { editableLesson } from '../authorship.ts'
import { Courses } from '../ports.ts'
import { Quizzes } from '../quiz-ports.ts'
import { WrittenQuiz, writtenQuiz } from '../quiz-resource.ts'

export const GetWrittenQuiz = query('learning.get_written_quiz', {
  input: z.strictObject({ lessonId: LessonId }),
  output: WrittenQuiz,
  errors: [LessonNotFound, NotCourseOwner, QuizNotFound],
  scope: 'courses:write',
})

export const getWrittenQuiz = queryHandler(
  GetWrittenQuiz,
  { quizzes: Quizzes, courses: Courses },
  async ({ input: { lessonId }, actor }, { quizzes, courses }) => {
    await editableLesson({ quizzes, courses }, lessonId, actor)
    const quiz = await quizzes.ofLesson(lessonId)
    if (!quiz) throw QuizNotFound(lessonId)
    return writtenQuiz(quiz)
  },
)

export const getWrittenQuizRoute = route(GetWrittenQuiz, {
  method: 'get',
  path: '/v1/lessons/{lessonId}/quiz',
  tag: 'Quizzes',
  summary: 'Get the quiz of a lesson as it was written',
  description: 'With the answers, for the tutor of the course and admins.',
})
