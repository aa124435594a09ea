import { type Binding, bind } from '#services/kit/module.ts'
import { Database } from '#services/kit/ports.ts'
import {
  createPostgresAttempts,
  createPostgresQuizQueries,
  createPostgresQuizzes,
} from './infrastructure/postgres/quizzes.ts'
import { Attempts, QuizQueries, Quizzes } from './quiz-ports.ts'

const database = { database: Database }

/** Quizzes on PostgreSQL. */
export const quizBindings: readonly Binding[] = [
  bind(Quizzes, database, (made) => createPostgresQuizzes(made.database)),
  bind(Attempts, database, (made) => createPostgresAttempts(made.database)),
  bind(QuizQueries, database, (made) => createPostgresQuizQueries(made.database)),
]
