import { type Binding, bind } from '#services/kit/module.ts'
import { Database } from '#services/kit/ports.ts'
import { createPostgresReviewQueries, createPostgresReviews } from './infrastructure/postgres/reviews.ts'
import { ReviewQueries, Reviews } from './reviews-ports.ts'

const database = { database: Database }

/** Reviews on PostgreSQL. */
export const reviewBindings: readonly Binding[] = [
  bind(Reviews, database, (made) => createPostgresReviews(made.database)),
  bind(ReviewQueries, database, (made) => createPostgresReviewQueries(made.database)),
]
