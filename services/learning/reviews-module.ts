import { type Binding, bind } from '#services/kit/module.ts'
import { Database } from '#services/kit/ports.ts'
import {
  createPostgresJudgements,
  createPostgresReviewQueries,
  createPostgresReviews,
} from './infrastructure/postgres/reviews.ts'
import { Judgements, ReviewQueries, Reviews } from './reviews-ports.ts'

const database = { database: Database }

/** Reviews on PostgreSQL. */
export const reviewBindings: readonly Binding[] = [
  bind(Reviews, database, (made) => createPostgresReviews(made.database)),
  bind(Judgements, database, (made) => createPostgresJudgements(made.database)),
  bind(ReviewQueries, database, (made) => createPostgresReviewQueries(made.database)),
]
