import { z } from 'zod'
import { multiline } from '../learning/course-details.ts'

export const Stars = z.int().min(1).max(5)
export type Stars = z.infer<typeof Stars>

export const ReviewText = multiline(5_000)
export const ReplyText = multiline(2_000)

/** HIDDEN is the moderators' and may come back; REMOVED is seen by nobody. */
export const ReviewStatus = z.enum(['PUBLISHED', 'HIDDEN', 'REMOVED'])
export type ReviewStatus = z.infer<typeof ReviewStatus>

export const Verdict = z.enum(['publish', 'hide', 'remove'])
export type Verdict = z.infer<typeof Verdict>

/** Why somebody thinks that a moderator should look at a review. */
export const ReportReason = z.enum(['spam', 'abuse', 'off_topic', 'other'])
export type ReportReason = z.infer<typeof ReportReason>

/** What may be reviewed. */
export const TargetType = z.enum(['course'])

/** How many reviews gave one star, two stars, up to five. */
export const Histogram = z
  .array(z.int().min(0))
  .length(5)
  .meta({ examples: [[0, 0, 1, 3, 8]] })

export const RatingSummary = z.object({
  count: z.int().min(0),
  /** Of two decimals; 0 where there is no review. */
  mean: z.number().min(0).max(5),
  histogram: Histogram,
})
export type RatingSummary = z.infer<typeof RatingSummary>
