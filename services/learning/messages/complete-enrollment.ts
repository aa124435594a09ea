import { EnrollmentNotFound } from '#domain/learning/errors.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Enrollments } from '../enrollment-ports.ts'
import { QuizQueries } from '../quiz-ports.ts'

export const completeEnrollment = answer(
  Learning.CompleteEnrollment,
  { enrollments: Enrollments, quizzes: QuizQueries },
  async ({ data: { enrollmentId }, tx, now }, { enrollments, quizzes }) => {
    const enrollment = await enrollments.load(enrollmentId)
    if (!enrollment) throw EnrollmentNotFound(enrollmentId)
    const { courseId, studentId } = enrollment.state
    enrollment.complete(now, await quizzes.grade(courseId, studentId))
    if (enrollment.events.length > 0) enrollments.save(tx, enrollment)
    return { enrollmentId, status: enrollment.status }
  },
)
