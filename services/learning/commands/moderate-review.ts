import { z } from 'zod'
import { ReviewId } from '#domain/kernel/ids.ts'
import { ReviewNotFound, ReviewRemoved } from '#domain/review/errors.ts'
import { Verdict } from '#domain/review/values.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { Reviews } from '../reviews-ports.ts'
import { OwnReview, ownReview } from '../reviews-resource.ts'

export const ModerateReview = command('learning.moderate_review', {
  input: z.strictObject({ reviewId: ReviewId, verdict: Verdict }),
  output: OwnReview,
  errors: [ReviewNotFound, ReviewRemoved],
  scope: 'reviews:admin',
})

export const moderateReview = handler(
  ModerateReview,
  { reviews: Reviews },
  async ({ input: { reviewId, verdict }, tx }, { reviews }) => {
    const found = await reviews.load(reviewId)
    if (!found) throw ReviewNotFound(reviewId)
    const { review, rating, openReports } = found
    const before = review.state
    review.moderate(verdict)
    if (review.state !== before) {
      rating.count(...review.starMove)
      reviews.save(tx, review, rating)
    }
    reviews.settleReports(tx, reviewId, openReports)
    return ownReview(review)
  },
)

export const moderateReviewRoute = route(ModerateReview, {
  method: 'post',
  path: '/v1/reviews/{reviewId}/moderate',
  tag: 'Reviews',
  summary: 'Hide, show or remove a review',
  description:
    'A hidden review may be shown again; a removed one stays so. Again changes nothing. Any verdict settles its reports.',
})
