import { z } from 'zod'
import { CourseId, UserId } from '../kernel/ids.ts'
import { message } from '../kernel/message.ts'
import { RatingSummary } from './values.ts'

export const GetAggregate = message('review.get_aggregate', {
  input: z.object({ courseId: CourseId }),
  output: RatingSummary,
  idempotent: true,
})

/** Whether somebody may review a course, or change what they said of it, as far as eligibility goes. */
export const CanReview = message('review.can_review', {
  input: z.object({ courseId: CourseId, authorId: UserId }),
  output: z.object({ canReview: z.boolean() }),
  idempotent: true,
})
