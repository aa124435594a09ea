import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { ContentQueries } from '../enrollment-ports.ts'
import { ProgressRepository } from '../progress-ports.ts'

export const verifyCompleted = answer(
  Learning.VerifyCompleted,
  { progress: ProgressRepository, contents: ContentQueries },
  async ({ data: { courseId, studentId } }, { progress, contents }) => {
    const [attempts, content] = await Promise.all([progress.ofLearner(courseId, studentId), contents.content(courseId)])
    return {
      completed: attempts.some(({ status }) => status === 'COMPLETED'),
      progressPct: Math.max(0, ...attempts.map((attempt) => attempt.progress.percentOf(content?.sections ?? []))),
    }
  },
)
