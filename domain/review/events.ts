import { z } from 'zod'
import { event } from '../kernel/event.ts'
import { CourseId, ReviewId, UserId } from '../kernel/ids.ts'
import { RatingSummary, Stars, TargetType } from './values.ts'

const Target = z.object({ targetType: TargetType, targetId: CourseId })

/** What happened to one review. */
export const ReviewFact = Target.extend({
  reviewId: ReviewId,
  authorId: UserId,
  stars: Stars,
  /** What it adds to the number of visible reviews and to the sum of their stars. */
  delta: z.object({ count: z.int().min(-1).max(1), stars: z.int().min(-5).max(5) }),
})
export type ReviewFact = z.infer<typeof ReviewFact>

export const ReviewSubmitted = event('review.submitted', { version: 1, data: ReviewFact })

/** Other stars or words, a reply, or seen again after it was hidden. */
export const ReviewUpdated = event('review.updated', { version: 1, data: ReviewFact })

/** Seen no more, whoever took it down. */
export const ReviewHidden = event('review.hidden', { version: 1, data: ReviewFact })

export const AggregateChanged = event('review.aggregate_changed', {
  version: 1,
  data: Target.extend(RatingSummary.shape),
})
