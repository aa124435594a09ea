import { z } from 'zod'
import { CourseId } from '#domain/kernel/ids.ts'
import { ReviewNotFound } from '#domain/review/errors.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { Reviews } from '../reviews-ports.ts'
import { OwnReview, ownReview } from '../reviews-resource.ts'
import { signedIn } from '../signed-in.ts'

export const GetMyReview = query('learning.get_my_review', {
  input: z.strictObject({ courseId: CourseId }),
  output: OwnReview,
  errors: [ReviewNotFound],
  scope: 'reviews:write',
})

export const getMyReview = queryHandler(
  GetMyReview,
  { reviews: Reviews },
  async ({ input: { courseId }, actor }, { reviews }) => {
    const desk = await reviews.desk(courseId, signedIn(actor).userId)
    if (!desk?.review) throw ReviewNotFound(courseId)
    return ownReview(desk.review)
  },
)

export const getMyReviewRoute = route(GetMyReview, {
  method: 'get',
  path: '/v1/reviews/{courseId}/mine',
  tag: 'Reviews',
  summary: "Get the caller's review of a course",
  description: 'Whatever became of it.',
})
