import { RunNotFound } from '#domain/learning/errors.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { CourseRunQueries } from '../ports.ts'

export const getOffer = answer(
  Learning.GetOffer,
  { runs: CourseRunQueries },
  async ({ data: { courseRunId }, now }, { runs }) => {
    const offer = await runs.offer(courseRunId, now)
    if (!offer) throw RunNotFound(courseRunId)
    return offer
  },
)
