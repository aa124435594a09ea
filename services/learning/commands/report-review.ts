import { z } from 'zod'
import { ReviewId } from '#domain/kernel/ids.ts'
import { AlreadyReported, OwnReviewJudged, ReviewNotFound } from '#domain/review/errors.ts'
import { ReportReason } from '#domain/review/values.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { judgementOf } from '../judging.ts'
import { Judgements } from '../reviews-ports.ts'
import { signedIn } from '../signed-in.ts'

export const ReportReview = command('learning.report_review', {
  input: z.strictObject({ reviewId: ReviewId, reason: ReportReason }),
  output: z.object({ reviewId: ReviewId, reason: ReportReason }),
  errors: [ReviewNotFound, OwnReviewJudged, AlreadyReported],
  scope: 'reviews:write',
  idempotent: true,
})

export const reportReview = handler(
  ReportReview,
  { judgements: Judgements },
  async ({ input: { reviewId, reason }, actor, tx }, { judgements }) => {
    const { userId } = signedIn(actor)
    const known = await judgementOf(judgements, reviewId, userId)
    if (known.isReported) throw AlreadyReported(reviewId)
    judgements.report(tx, reviewId, userId, reason)
    return { reviewId, reason }
  },
)

export const reportReviewRoute = route(ReportReview, {
  method: 'post',
  path: '/v1/reviews/{reviewId}/reports',
  status: 201,
  tag: 'Reviews',
  summary: 'Report a review to the moderators',
  description: 'Once for each reader. It stays in sight until a moderator has looked at it.',
})
