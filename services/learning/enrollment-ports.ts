import type { Instant } from '#domain/kernel/clock.ts'
import type { CourseId, CourseRunId, EnrollmentId, UserId, WaitlistEntryId } from '#domain/kernel/ids.ts'
import type { CourseRun } from '#domain/learning/course-run.ts'
import type { Section } from '#domain/learning/curriculum.ts'
import type { Enrollment } from '#domain/learning/enrollment.ts'
import type { EnrollmentState, EnrollmentStatus } from '#domain/learning/enrollment-state.ts'
import type { Grant, GrantReference } from '#domain/learning/grant.ts'
import type { WaitlistEntry, WaitlistState } from '#domain/learning/waitlist.ts'
import { token } from '#bus/cqrs/token.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type { Slice } from './ports.ts'

/** The course of a run, as its learners see it now. */
export interface OfferedCourse {
  readonly title: string | undefined
  readonly tutorId: UserId
}

/** What a request for a seat is decided on, read together. */
export interface Admission {
  readonly run: CourseRun
  readonly course: OfferedCourse
  /** The enrollment in this run that the learner has already. */
  readonly live: EnrollmentId | undefined
  /** The learner's place on its waitlist, or the seat that is held for them. */
  readonly entry: WaitlistEntry | undefined
}

export interface EnrollmentRepository {
  load(id: EnrollmentId): Promise<Enrollment | undefined>
  /** The enrollment that a grant belongs to. */
  byGrant(grant: GrantReference): Promise<Enrollment | undefined>
  /** Undefined for a run that does not exist, or whose course the public has never seen. */
  admission(courseRunId: CourseRunId, studentId: UserId): Promise<Admission | undefined>
  /**
   * Its grants and the moves of its seat included, together with those of entries of the run's waitlist that take its
   * seat over or hand it theirs. A second live enrollment, a missing seat, or a free one while somebody waits, is a
   * conflict.
   */
  save(tx: UnitOfWork, enrollment: Enrollment, entries?: readonly WaitlistEntry[]): void
}
export const Enrollments = token<EnrollmentRepository>('learning.Enrollments')

export interface WaitlistRepository {
  load(id: WaitlistEntryId): Promise<WaitlistEntry | undefined>
  /** The learner's entry that has not ended. */
  live(courseRunId: CourseRunId, studentId: UserId): Promise<WaitlistEntry | undefined>
  /** Those who have waited longest, in their order, `limit` at most. */
  first(courseRunId: CourseRunId, limit: number): Promise<readonly WaitlistEntry[]>
  /** The entries of one run with the moves of their seats; a second live one of a learner is a conflict. */
  save(tx: UnitOfWork, entries: readonly WaitlistEntry[]): void
}
export const Waitlist = token<WaitlistRepository>('learning.Waitlist')

/** An entry that has not ended, with how many it is away from a seat. */
export interface WaitlistPlace {
  readonly state: WaitlistState
  /** 1 for who is next; only while it waits. */
  readonly position: number | undefined
}

export interface WaitlistQueries {
  place(courseRunId: CourseRunId, studentId: UserId): Promise<WaitlistPlace | undefined>
}
export const WaitlistQueries = token<WaitlistQueries>('learning.WaitlistQueries')

/** What one person holds of the seats of runs. */
export interface SeatsOfPerson {
  /** Enrollments that are to be paid, or give access; one that is completed stays, for the counts of its course. */
  seats(userId: UserId): Promise<readonly Enrollment[]>
  /** Entries of waitlists that have not ended. */
  places(userId: UserId): Promise<readonly WaitlistEntry[]>
}
export const SeatsOfPerson = token<SeatsOfPerson>('learning.SeatsOfPerson')

/** An enrollment that may give access: whether it does now, its grants tell. */
export interface Place {
  readonly enrollmentId: EnrollmentId
  readonly grants: readonly Grant[]
}

export interface AccessQueries {
  /** Through any run of the course. */
  places(courseId: CourseId, studentId: UserId): Promise<readonly Place[]>
}
export const Access = token<AccessQueries>('learning.Access')

/** An enrollment with whose course it is in. */
export interface EnrollmentInCourse {
  readonly state: EnrollmentState
  readonly tutorId: UserId
}

export interface EnrollmentSlice extends Slice {
  readonly status: EnrollmentStatus | undefined
}

export interface EnrollmentQueries {
  enrollment(id: EnrollmentId): Promise<EnrollmentInCourse | undefined>
  /** Active ones whose last grant ended by then, in the order of their ends. */
  ranOut(now: Instant, limit: number): Promise<readonly EnrollmentId[]>
  ofStudent(studentId: UserId, slice: EnrollmentSlice): Promise<readonly EnrollmentState[]>
  ofCourse(courseId: CourseId, slice: EnrollmentSlice): Promise<readonly EnrollmentState[]>
}
export const EnrollmentQueries = token<EnrollmentQueries>('learning.EnrollmentQueries')

/** What is taught in a course. */
export interface CourseContent {
  readonly tutorId: UserId
  readonly status: 'DRAFT' | 'PUBLISHED' | 'ARCHIVED'
  /** Counts the publications; 0 for a draft, whose sections are the author's. */
  readonly revision: number
  readonly sections: readonly Section[]
}

export interface ContentQueries {
  content(courseId: CourseId): Promise<CourseContent | undefined>
}
export const ContentQueries = token<ContentQueries>('learning.ContentQueries')
