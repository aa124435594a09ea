import type { AnyCommandHandler, AnyQueryHandler } from '#bus/cqrs/handler.ts'
import type { Responder } from '#bus/messaging/handlers.ts'
import type { AnyRoute } from '#services/kit/http/operation.ts'
import { moderateReview, moderateReviewRoute } from './commands/moderate-review.ts'
import { putMyReview, putMyReviewRoute } from './commands/put-my-review.ts'
import { replyToReview, replyToReviewRoute } from './commands/reply-to-review.ts'
import { reportReview, reportReviewRoute } from './commands/report-review.ts'
import { voteForReview, voteForReviewRoute, withdrawVote, withdrawVoteRoute } from './commands/vote-for-review.ts'
import { withdrawMyReview, withdrawMyReviewRoute } from './commands/withdraw-my-review.ts'
import { canReview, getAggregate } from './messages/review-questions.ts'
import { getMyReview, getMyReviewRoute } from './queries/get-my-review.ts'
import { listReportedReviews, listReportedReviewsRoute } from './queries/list-reported-reviews.ts'
import { listReviews, listReviewsRoute } from './queries/list-reviews.ts'

// What learners say of courses, and what it comes to.

export const reviewCommands: readonly AnyCommandHandler[] = [
  putMyReview,
  withdrawMyReview,
  replyToReview,
  moderateReview,
  voteForReview,
  withdrawVote,
  reportReview,
]

export const reviewQueries: readonly AnyQueryHandler[] = [listReviews, getMyReview, listReportedReviews]

export const reviewMessages: readonly Responder[] = [getAggregate, canReview]

export const reviewRoutes: readonly AnyRoute[] = [
  listReviewsRoute,
  getMyReviewRoute,
  putMyReviewRoute,
  withdrawMyReviewRoute,
  replyToReviewRoute,
  moderateReviewRoute,
  voteForReviewRoute,
  withdrawVoteRoute,
  reportReviewRoute,
  listReportedReviewsRoute,
]
