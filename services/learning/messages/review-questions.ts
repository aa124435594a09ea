import { mayReview } from '#domain/review/review.ts'
import { summaryOf } from '#domain/review/rating.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { ReviewQueries, Reviews } from '../reviews-ports.ts'

export const getAggregate = answer(
  Learning.GetAggregate,
  { reviews: ReviewQueries },
  async ({ data: { courseId } }, { reviews }) => summaryOf(await reviews.histogram(courseId)),
)

export const canReview = answer(
  Learning.CanReview,
  { reviews: Reviews },
  async ({ data: { courseId, authorId } }, { reviews }) => {
    const desk = await reviews.desk(courseId, authorId)
    return { canReview: desk !== undefined && mayReview(authorId, desk.standing) }
  },
)
