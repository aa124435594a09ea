import type { CourseId, CourseRunId, EnrollmentId, UserId } from '#domain/kernel/ids.ts'
import type { CourseRun } from '#domain/learning/course-run.ts'
import type { Section } from '#domain/learning/curriculum.ts'
import type { Enrollment } from '#domain/learning/enrollment.ts'
import type { EnrollmentState, EnrollmentStatus } from '#domain/learning/enrollment-state.ts'
import type { Grant } from '#domain/learning/grant.ts'
import { token } from '#bus/cqrs/token.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type { Slice } from './ports.ts'

/** What a request for a seat is decided on, read together. */
export interface Admission {
  readonly run: CourseRun
  /** The enrollment in this run that the learner has already. */
  readonly live: EnrollmentId | undefined
}

export interface EnrollmentRepository {
  load(id: EnrollmentId): Promise<Enrollment | undefined>
  /** Undefined for a run that does not exist, or whose course the public has never seen. */
  admission(courseRunId: CourseRunId, studentId: UserId): Promise<Admission | undefined>
  /** Its grants and the moves of its seat included; a second live enrollment or a missing seat is a conflict. */
  save(tx: UnitOfWork, enrollment: Enrollment): void
}
export const Enrollments = token<EnrollmentRepository>('learning.Enrollments')

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
