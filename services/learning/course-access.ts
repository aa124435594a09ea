import type { Instant } from '#domain/kernel/clock.ts'
import type { EnrollmentId } from '#domain/kernel/ids.ts'
import { accessUntil, isValidAt } from '#domain/learning/grant.ts'
import type { Place } from './enrollment-ports.ts'

export interface CourseAccess {
  readonly enrollmentId: EnrollmentId
  /** Absent where it does not end. */
  readonly accessUntil: Instant | undefined
}

const longest = (a: CourseAccess, b: CourseAccess): CourseAccess => {
  if (a.accessUntil === undefined || b.accessUntil === undefined) return a.accessUntil === undefined ? a : b
  return a.accessUntil >= b.accessUntil ? a : b
}

/** The access that lasts longest among a learner's places in a course; undefined where none gives access then. */
export const accessAt = (places: readonly Place[], at: Instant): CourseAccess | undefined =>
  places
    .filter(({ grants }) => grants.some((grant) => isValidAt(grant, at)))
    .map(({ enrollmentId, grants }): CourseAccess => ({ enrollmentId, accessUntil: accessUntil(grants, at) }))
    .reduce<CourseAccess | undefined>((best, next) => (best ? longest(best, next) : next), undefined)
