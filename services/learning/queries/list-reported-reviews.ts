import { z } from 'zod'
import { ReportReason } from '#domain/review/values.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { filterHash, InvalidCursor } from '#services/kit/http/cursor.ts'
import { cutPage, pageOf, PageQuery } from '#services/kit/http/page.ts'
import { route } from '#services/kit/http/route.ts'
import { Cursors } from '#services/kit/ports.ts'
import { ReviewQueries } from '../reviews-ports.ts'
import { OwnReview, reviewResource } from '../reviews-resource.ts'

export const ListReportedReviews = query('learning.list_reported_reviews', {
  input: PageQuery,
  output: pageOf(OwnReview.extend({ reasons: z.array(ReportReason).max(4), reports: z.int().min(1) })),
  errors: [InvalidCursor],
  scope: 'reviews:admin',
})

const HASH = filterHash({ list: 'reported-reviews' })

export const listReportedReviews = queryHandler(
  ListReportedReviews,
  { reviews: ReviewQueries, cursors: Cursors },
  async ({ input: { cursor, limit } }, { reviews, cursors }) => {
    const after = cursor === undefined ? undefined : cursors.decode(cursor, HASH).id
    const rows = await reviews.reported({ after, limit: limit + 1 })
    const listed = rows.map(({ state, reasons, reports }) => ({
      ...reviewResource(state),
      status: state.status,
      reasons: [...reasons],
      reports,
    }))
    return cutPage(listed, limit, ({ reviewId }) => cursors.encode({ sort: null, id: reviewId, filterHash: HASH }))
  },
)

export const listReportedReviewsRoute = route(ListReportedReviews, {
  method: 'get',
  path: '/v1/reported-reviews',
  tag: 'Reviews',
  summary: 'List the reviews that readers have reported, newest first',
  description: 'Until a moderator gives a verdict.',
})
