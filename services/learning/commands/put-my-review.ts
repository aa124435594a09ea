import { z } from 'zod'
import { CourseId } from '#domain/kernel/ids.ts'
import { CourseNotFound } from '#domain/learning/errors.ts'
import { NotEligible, ReviewRemoved, ReviewSettled } from '#domain/review/errors.ts'
import { Review } from '#domain/review/review.ts'
import { ReviewText, Stars } from '#domain/review/values.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { Reviews } from '../reviews-ports.ts'
import { OwnReview, ownReview } from '../reviews-resource.ts'
import { signedIn } from '../signed-in.ts'

export const PutMyReview = command('learning.put_my_review', {
  input: z.strictObject({ courseId: CourseId, stars: Stars, text: ReviewText.optional() }),
  output: OwnReview,
  errors: [CourseNotFound, NotEligible, ReviewRemoved, ReviewSettled],
  scope: 'reviews:write',
})

/** The rating of the course is saved with it: two reviews at once are a conflict, so that each is counted. */
export const putMyReview = handler(
  PutMyReview,
  { reviews: Reviews },
  async ({ input: { courseId, ...opinion }, actor, tx, now, ids }, { reviews }) => {
    const authorId = signedIn(actor).userId
    const desk = await reviews.desk(courseId, authorId)
    if (!desk) throw CourseNotFound(courseId)
    const { standing, rating } = desk
    const review = desk.review ?? Review.submit({ id: ids.next('rev'), courseId, authorId }, standing, opinion, now)
    if (desk.review) review.write(opinion, standing, now)
    if (review.events.length > 0) {
      rating.count(...review.starMove)
      reviews.save(tx, review, rating)
    }
    return ownReview(review)
  },
)

export const putMyReviewRoute = route(PutMyReview, {
  method: 'put',
  path: '/v1/reviews/{courseId}/mine',
  tag: 'Reviews',
  summary: 'Review a course',
  description:
    'For learners who have completed a lesson of it; one review for each of them, to be changed for 30 days. It stands ' +
    'in the public catalog within a second. Again changes nothing.',
})
