import type { ReviewId, UserId } from '#domain/kernel/ids.ts'
import { OwnReviewJudged, ReviewNotFound } from '#domain/review/errors.ts'
import type { Judgement, JudgementRepository } from './reviews-ports.ts'

/** What a reader thinks of a review so far. Throws `ReviewNotFound` where nobody sees it, `OwnReviewJudged` to its author. */
export const judgementOf = async (
  judgements: JudgementRepository,
  reviewId: ReviewId,
  readerId: UserId,
): Promise<Judgement> => {
  const found = await judgements.load(reviewId, readerId)
  if (found?.review.state.status !== 'PUBLISHED') throw ReviewNotFound(reviewId)
  if (found.review.state.authorId === readerId) throw OwnReviewJudged(reviewId)
  return found
}
