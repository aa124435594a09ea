import { z } from 'zod'
import { ReviewId } from '#domain/kernel/ids.ts'
import { OwnReviewJudged, ReviewNotFound } from '#domain/review/errors.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { judgementOf } from '../judging.ts'
import { Judgements } from '../reviews-ports.ts'
import { signedIn } from '../signed-in.ts'

const vote = {
  input: z.strictObject({ reviewId: ReviewId }),
  output: z.object({ reviewId: ReviewId, isHelpful: z.boolean() }),
  errors: [ReviewNotFound, OwnReviewJudged],
  scope: 'reviews:write',
} as const

export const VoteForReview = command('learning.vote_for_review', vote)
export const WithdrawVote = command('learning.withdraw_vote', vote)

/** There is one vote for each reader, so that a repeat finds it there. */
const voting = (definition: typeof VoteForReview, isHelpful: boolean) =>
  handler(definition, { judgements: Judgements }, async ({ input: { reviewId }, actor, tx }, { judgements }) => {
    const { userId } = signedIn(actor)
    const known = await judgementOf(judgements, reviewId, userId)
    if (known.isHelpful !== isHelpful) judgements.vote(tx, reviewId, userId, isHelpful)
    return { reviewId, isHelpful }
  })

export const voteForReview = voting(VoteForReview, true)
export const withdrawVote = voting(WithdrawVote, false)

export const voteForReviewRoute = route(VoteForReview, {
  method: 'post',
  path: '/v1/reviews/{reviewId}/votes',
  tag: 'Reviews',
  summary: 'Find a review helpful',
  description: 'Lists show how many do. Again changes nothing.',
})

export const withdrawVoteRoute = route(WithdrawVote, {
  method: 'delete',
  path: '/v1/reviews/{reviewId}/votes',
  tag: 'Reviews',
  summary: 'Find a review helpful no more',
  description: 'Again changes nothing.',
})
