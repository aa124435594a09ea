import type { CourseId, ReviewId, UserId } from '#domain/kernel/ids.ts'
import type { Rating } from '#domain/review/rating.ts'
import type { Review, ReviewState, Standing } from '#domain/review/review.ts'
import type { ReportReason } from '#domain/review/values.ts'
import { token } from '#bus/cqrs/token.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type { Slice } from './ports.ts'

/** What writing a review is decided on, read together. */
export interface ReviewDesk {
  readonly standing: Standing
  readonly rating: Rating
  readonly review: Review | undefined
}

/** A review with what it counts in, and whose course it is of. */
export interface ReviewInCourse {
  readonly review: Review
  readonly rating: Rating
  readonly tutorId: UserId
  readonly openReports: number
}

export interface ReviewRepository {
  /** Undefined for a course that the public has never seen. */
  desk(courseId: CourseId, authorId: UserId): Promise<ReviewDesk | undefined>
  load(id: ReviewId): Promise<ReviewInCourse | undefined>
  /** Ends the open reports of a review; another one that came in since is a conflict. */
  settleReports(tx: UnitOfWork, id: ReviewId, open: number): void
  /**
   * Both together; another review of the course that was saved since is a conflict. Without the rating where it is saved
   * with another review in the same unit of work.
   */
  save(tx: UnitOfWork, review: Review, rating?: Rating): void
}
export const Reviews = token<ReviewRepository>('learning.Reviews')

/** What a reader thinks of a review. */
export interface Judgement {
  readonly review: Review
  readonly isHelpful: boolean
  readonly isReported: boolean
}

export interface JudgementRepository {
  load(id: ReviewId, readerId: UserId): Promise<Judgement | undefined>
  /** The same vote of a reader that was saved since is a conflict. */
  vote(tx: UnitOfWork, id: ReviewId, readerId: UserId, isHelpful: boolean): void
  /** A second report of a reader is a conflict. */
  report(tx: UnitOfWork, id: ReviewId, readerId: UserId, reason: ReportReason): void
}
export const Judgements = token<JudgementRepository>('learning.Judgements')

/** A review that readers have reported and no moderator has judged since. */
export interface ReportedReview {
  readonly state: ReviewState
  readonly reasons: readonly ReportReason[]
  readonly reports: number
}

/** A review with how many found it helpful. */
export interface SeenReview {
  readonly state: ReviewState
  readonly helpful: number
}

export interface ReviewQueries {
  /** Those that are seen, newest first. */
  ofCourse(courseId: CourseId, slice: Slice): Promise<readonly SeenReview[]>
  /** Newest first. */
  reported(slice: Slice): Promise<readonly ReportedReview[]>
  /** Of one star, two stars, up to five; undefined before the first review. */
  histogram(courseId: CourseId): Promise<readonly number[] | undefined>
}
export const ReviewQueries = token<ReviewQueries>('learning.ReviewQueries')
