import type { PersonalData } from '#domain/kernel/personal-data.ts'
import type { UserId } from '#domain/kernel/ids.ts'
import type { Certificate } from '#domain/learning/certificate.ts'
import type { Rating } from '#domain/review/rating.ts'
import type { Review } from '#domain/review/review.ts'
import { token } from '#bus/cqrs/token.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'

/** How many rows of each kind name a person and go as a whole. */
export interface PersonalRows {
  readonly votes: number
  readonly reports: number
  readonly quizAttempts: number
}

/** A review with the rating of its course. */
export interface RatedReview {
  readonly review: Review
  readonly rating: Rating
}

/** What is known here of one person, beside the seats. */
export interface Traces {
  /** Those whose words are still there. */
  reviews(userId: UserId): Promise<readonly RatedReview[]>
  /** Reviews of their courses that they answered. */
  answered(userId: UserId): Promise<readonly RatedReview[]>
  /** Those that still bear a name. */
  certificates(userId: UserId): Promise<readonly Certificate[]>
  /** A copy of all of it. */
  read(userId: UserId): Promise<PersonalData>
  count(userId: UserId): Promise<PersonalRows>
  /** One more or less since they were counted is a conflict. */
  erase(tx: UnitOfWork, userId: UserId, rows: PersonalRows): void
}
export const Traces = token<Traces>('learning.Traces')
