import type { CourseId, ReviewId, UserId } from '#domain/kernel/ids.ts'
import type { Rating } from '#domain/review/rating.ts'
import type { Review, ReviewState, Standing } from '#domain/review/review.ts'
import { token } from '#bus/cqrs/token.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'

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
}

export interface ReviewRepository {
  /** Undefined for a course that the public has never seen. */
  desk(courseId: CourseId, authorId: UserId): Promise<ReviewDesk | undefined>
  load(id: ReviewId): Promise<ReviewInCourse | undefined>
  /** Both together; another review of the course that was saved since is a conflict. */
  save(tx: UnitOfWork, review: Review, rating: Rating): void
}
export const Reviews = token<ReviewRepository>('learning.Reviews')

export interface ReviewQueries {
  /** Those that are seen, newest first. */
  ofCourse(
    courseId: CourseId,
    slice: { readonly after: string | undefined; readonly limit: number },
  ): Promise<readonly ReviewState[]>
  /** Of one star, two stars, up to five; undefined before the first review. */
  histogram(courseId: CourseId): Promise<readonly number[] | undefined>
}
export const ReviewQueries = token<ReviewQueries>('learning.ReviewQueries')
