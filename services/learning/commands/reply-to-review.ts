import { z } from 'zod'
import { ReviewId } from '#domain/kernel/ids.ts'
import { NotCourseOwner } from '#domain/learning/errors.ts'
import { ReviewNotFound } from '#domain/review/errors.ts'
import { ReplyText } from '#domain/review/values.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { Reviews } from '../reviews-ports.ts'
import { OwnReview, ownReview } from '../reviews-resource.ts'
import { signedIn } from '../signed-in.ts'

export const ReplyToReview = command('learning.reply_to_review', {
  input: z.strictObject({ reviewId: ReviewId, text: ReplyText }),
  output: OwnReview,
  errors: [ReviewNotFound, NotCourseOwner],
  scope: 'courses:write',
})

export const replyToReview = handler(
  ReplyToReview,
  { reviews: Reviews },
  async ({ input: { reviewId, text }, actor, tx, now }, { reviews }) => {
    const found = await reviews.load(reviewId)
    if (found?.review.state.status !== 'PUBLISHED') throw ReviewNotFound(reviewId)
    const { review, rating, tutorId } = found
    if (tutorId !== signedIn(actor).userId) throw NotCourseOwner(review.state.courseId)
    review.reply(text, now)
    if (review.events.length > 0) reviews.save(tx, review, rating)
    return ownReview(review)
  },
)

export const replyToReviewRoute = route(ReplyToReview, {
  method: 'post',
  path: '/v1/reviews/{reviewId}/reply',
  tag: 'Reviews',
  summary: 'Answer a review',
  description: 'For the tutor of the course. Another answer replaces the one before; the same again changes nothing.',
})
