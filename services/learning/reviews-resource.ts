import { z } from 'zod'
import { Instant } from '#domain/kernel/clock.ts'
import { CourseId, ReviewId } from '#domain/kernel/ids.ts'
import type { Review, ReviewState } from '#domain/review/review.ts'
import { ReplyText, ReviewStatus, ReviewText, Stars } from '#domain/review/values.ts'

/** What everybody sees of a review: not who wrote it. */
export const ReviewResource = z.object({
  reviewId: ReviewId,
  courseId: CourseId,
  stars: Stars,
  text: ReviewText.optional(),
  submittedAt: Instant,
  editedAt: Instant.optional(),
  reply: z.object({ text: ReplyText, at: Instant }).optional(),
})
export type ReviewResource = z.infer<typeof ReviewResource>

export const reviewResource = ({ id, courseId, stars, text, submittedAt, editedAt, reply }: ReviewState) => ({
  reviewId: id,
  courseId,
  stars,
  text,
  submittedAt,
  editedAt,
  reply,
})

/** In a list: with how many readers found it helpful. */
export const ListedReview = ReviewResource.extend({ helpful: z.int().min(0) })

/** What its author, the tutor who answers and moderators see. */
export const OwnReview = ReviewResource.extend({ status: ReviewStatus })

export const ownReview = ({ state }: Review) => ({ ...reviewResource(state), status: state.status })
