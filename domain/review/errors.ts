import { domainError } from '../kernel/errors.ts'
import type { CourseId, ReviewId } from '../kernel/ids.ts'

export const NotEligible = domainError(
  'NOT_ELIGIBLE',
  'forbidden',
  (id: CourseId) => `Only who has completed a lesson of ${id} and does not teach it can review it.`,
)
export const ReviewNotFound = domainError('REVIEW_NOT_FOUND', 'not_found', (id: string) => `There is no review ${id}.`)
/** Nobody judges their own words. */
export const OwnReviewJudged = domainError('OWN_REVIEW', 'conflict', (id: ReviewId) => `${id} is the caller's own.`)
export const AlreadyReported = domainError(
  'ALREADY_REPORTED',
  'conflict',
  (id: ReviewId) => `The caller has reported ${id} already.`,
)
/** The time in which an author may change it is over. */
export const ReviewSettled = domainError(
  'REVIEW_SETTLED',
  'conflict',
  (id: ReviewId, until: string) => `${id} could be changed until ${until}.`,
)
export const ReviewRemoved = domainError(
  'REVIEW_REMOVED',
  'conflict',
  (id: ReviewId) => `${id} was taken down, and stays so.`,
)
