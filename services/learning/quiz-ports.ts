import type { CourseId, LessonId, QuizAttemptId, QuizId, UserId } from '#domain/kernel/ids.ts'
import type { QuizAttempt } from '#domain/learning/quiz-attempt.ts'
import type { Quiz } from '#domain/learning/quiz.ts'
import { token } from '#bus/cqrs/token.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'

/** A quiz with whose course it is in. */
export interface QuizInCourse {
  readonly quiz: Quiz
  readonly tutorId: UserId
  readonly isDraft: boolean
}

export interface QuizRepository {
  /** The course whose curriculum has the lesson, as its author edits it. */
  courseOfLesson(lessonId: LessonId): Promise<CourseId | undefined>
  ofLesson(lessonId: LessonId): Promise<Quiz | undefined>
  load(id: QuizId): Promise<QuizInCourse | undefined>
  /** A second one for a lesson is a conflict. */
  save(tx: UnitOfWork, quiz: Quiz): void
}
export const Quizzes = token<QuizRepository>('learning.Quizzes')

export interface AttemptRepository {
  load(id: QuizAttemptId): Promise<QuizAttempt | undefined>
  /** The learner's newest; its number says how many there are. */
  latest(quizId: QuizId, studentId: UserId): Promise<QuizAttempt | undefined>
  /** A second one of the same number is a conflict. */
  save(tx: UnitOfWork, attempt: QuizAttempt): void
}
export const Attempts = token<AttemptRepository>('learning.Attempts')

export interface QuizQueries {
  ofCourse(
    courseId: CourseId,
  ): Promise<readonly { readonly quizId: QuizId; readonly lessonId: LessonId; readonly title: string }[]>
  /** True while a lesson has a quiz that the learner has not passed. */
  isOpen(lessonId: LessonId, studentId: UserId): Promise<boolean>
  /** The mean of the learner's best tries at the quizzes of a course, of 100; undefined before the first is graded. */
  grade(courseId: CourseId, studentId: UserId): Promise<number | undefined>
}
export const QuizQueries = token<QuizQueries>('learning.QuizQueries')
