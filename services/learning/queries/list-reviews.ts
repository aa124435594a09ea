import { CourseId } from '#domain/kernel/ids.ts'
import { summaryOf } from '#domain/review/rating.ts'
import { RatingSummary } from '#domain/review/values.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { filterHash, InvalidCursor } from '#services/kit/http/cursor.ts'
import { cutPage, pageOf, PageQuery } from '#services/kit/http/page.ts'
import { route } from '#services/kit/http/route.ts'
import { Cursors } from '#services/kit/ports.ts'
import { ReviewQueries } from '../reviews-ports.ts'
import { ListedReview, reviewResource } from '../reviews-resource.ts'

export const ListReviews = query('learning.list_reviews', {
  input: PageQuery.extend({ target: CourseId.describe('The course that they are of.') }),
  output: pageOf(ListedReview).extend({ rating: RatingSummary }),
  errors: [InvalidCursor],
  scope: 'public',
})

export const listReviews = queryHandler(
  ListReviews,
  { reviews: ReviewQueries, cursors: Cursors },
  async ({ input: { target, cursor, limit } }, { reviews, cursors }) => {
    const hash = filterHash({ list: 'reviews', target })
    const after = cursor === undefined ? undefined : cursors.decode(cursor, hash).id
    const [rows, histogram] = await Promise.all([
      reviews.ofCourse(target, { after, limit: limit + 1 }),
      reviews.histogram(target),
    ])
    const listed = rows.map(({ state, helpful }) => ({ ...reviewResource(state), helpful }))
    const page = cutPage(listed, limit, ({ reviewId }) =>
      cursors.encode({ sort: null, id: reviewId, filterHash: hash }),
    )
    return { ...page, rating: summaryOf(histogram) }
  },
)

export const listReviewsRoute = route(ListReviews, {
  method: 'get',
  path: '/v1/reviews',
  tag: 'Reviews',
  summary: 'List the reviews of a course, newest first',
})
