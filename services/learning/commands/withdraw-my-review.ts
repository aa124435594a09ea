import { z } from 'zod'
import { CourseId } from '#domain/kernel/ids.ts'
import { ReviewNotFound } from '#domain/review/errors.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { Reviews } from '../reviews-ports.ts'
import { signedIn } from '../signed-in.ts'

export const WithdrawMyReview = command('learning.withdraw_my_review', {
  input: z.strictObject({ courseId: CourseId }),
  output: z.void(),
  errors: [ReviewNotFound],
  scope: 'reviews:write',
})

export const withdrawMyReview = handler(
  WithdrawMyReview,
  { reviews: Reviews },
  async ({ input: { courseId }, actor, tx }, { reviews }) => {
    const desk = await reviews.desk(courseId, signedIn(actor).userId)
    if (!desk?.review) throw ReviewNotFound(courseId)
    const { review, rating } = desk
    const before = review.state
    review.withdraw()
    if (review.state === before) return
    rating.count(...review.starMove)
    reviews.save(tx, review, rating)
  },
)

export const withdrawMyReviewRoute = route(WithdrawMyReview, {
  method: 'delete',
  path: '/v1/reviews/{courseId}/mine',
  status: 204,
  tag: 'Reviews',
  summary: 'Take a review back',
  description: 'It is seen and counted no more; a new one may be written. Again changes nothing.',
})
