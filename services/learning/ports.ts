import type { CourseId, CourseRunId, UserId } from '#domain/kernel/ids.ts'
import type { Course } from '#domain/learning/course.ts'
import type { CourseRun } from '#domain/learning/course-run.ts'
import type { Curriculum } from '#domain/learning/curriculum.ts'
import type { Slug } from '#domain/learning/slug.ts'
import type { Subject } from '#domain/learning/subject.ts'
import type { WaitlistEntry } from '#domain/learning/waitlist.ts'
import { token } from '#bus/cqrs/token.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type { CatalogSource } from '#edge/read-models/catalog-source.ts'
import type { CourseView } from '#edge/read-models/course-view.ts'
import type { CatalogProjector as CatalogProjectorPort } from './catalog/projector.ts'
import type { TutorDirectory as TutorDirectoryPort } from './catalog/tutor-directory.ts'
import type {
  CourseResource,
  CourseRunListItem,
  CourseRunResource,
  CurriculumResource,
  Offer,
  PublishedCourse,
} from './resources.ts'

export interface CourseRepository {
  load(id: CourseId): Promise<Course | undefined>
  /** Those that exist, in no particular order. */
  loadAll(ids: readonly CourseId[]): Promise<readonly Course[]>
  save(tx: UnitOfWork, course: Course): void
}
export const Courses = token<CourseRepository>('learning.Courses')

export interface CurriculumRepository {
  load(courseId: CourseId): Promise<Curriculum | undefined>
  save(tx: UnitOfWork, curriculum: Curriculum): void
}
export const Curricula = token<CurriculumRepository>('learning.Curricula')

export interface CourseRunRepository {
  load(id: CourseRunId): Promise<CourseRun | undefined>
  ofCourse(courseId: CourseId): Promise<readonly CourseRun[]>
  /** Terms and status only: seats move with the enrollments, and to waiting learners whom a higher capacity promotes. */
  save(tx: UnitOfWork, run: CourseRun, promoted?: readonly WaitlistEntry[]): void
}
export const CourseRuns = token<CourseRunRepository>('learning.CourseRuns')

export interface SlugRegistry {
  /** Those of the given slugs that some course has or had. */
  taken(slugs: readonly Slug[]): Promise<ReadonlySet<Slug>>
}
export const Slugs = token<SlugRegistry>('learning.Slugs')

export interface SubjectRegistry {
  all(): Promise<readonly Subject[]>
  /** Those of the given slugs that are subjects. */
  known(slugs: readonly string[]): Promise<ReadonlySet<string>>
  /** Adds subjects, parents before their children. One that was added meanwhile is a conflict. */
  add(tx: UnitOfWork, subjects: readonly Subject[]): void
}
export const Subjects = token<SubjectRegistry>('learning.Subjects')

/** A course of an imported list with all that makes it a public course. */
export interface ImportedCourse {
  /** Its identity: the folded address. */
  readonly urlKey: string
  readonly course: Course
  readonly curriculum: Curriculum
  readonly run: CourseRun
}

export interface ImportRegistry {
  /** The courses that stand under these keys already. */
  find(urlKeys: readonly string[]): Promise<ReadonlyMap<string, CourseId>>
  /** Writes many at once. A key or slug that was taken meanwhile is a conflict. */
  add(tx: UnitOfWork, imported: readonly ImportedCourse[]): void
}
export const Imports = token<ImportRegistry>('learning.Imports')

/** Who owns imported courses; nobody in particular when absent. */
export interface ImportOwner {
  readonly userId: UserId | undefined
}
export const ImportOwner = token<ImportOwner>('learning.ImportOwner')

/** The rows after `after` (an id; from the newest on without it), newest first, `limit` at most. */
export interface Slice {
  readonly after: string | undefined
  readonly limit: number
}

export interface CourseFilter {
  /** Everybody's when absent. */
  readonly tutorId: UserId | undefined
  /** Words, or a part of the title. */
  readonly q: string | undefined
  readonly status: CourseResource['status'] | undefined
  /** A language and all tags below it: `en` holds `en-GB`. */
  readonly language: string | undefined
}

export interface CourseQueries {
  /** For its owner, and for anybody when `viewer` is absent. */
  course(id: CourseId, viewer?: UserId): Promise<CourseResource | undefined>
  /** Newest first. */
  list(filter: CourseFilter, slice: Slice): Promise<readonly CourseResource[]>
  /** Of a subject and of those below it, newest first. */
  publishedOfSubject(subject: string, slice: Slice): Promise<readonly CourseResource[]>
  publishedOfTutor(tutorId: UserId, slice: Slice): Promise<readonly PublishedCourse[]>
  curriculum(courseId: CourseId, viewer?: UserId): Promise<CurriculumResource | undefined>
}
export const CourseQueries = token<CourseQueries>('learning.CourseQueries')

/** The published courses of tutors, from Redis where they are there; a moment behind a change. */
export interface TutorCourses {
  page(tutorId: UserId, slice: Slice): Promise<readonly PublishedCourse[]>
  /** Something of their courses has changed. */
  drop(tutorId: UserId): Promise<void>
}
export const TutorCourses = token<TutorCourses>('learning.TutorCourses')

export interface CourseRunQueries {
  /** For the owner of its course, and for anybody when `viewer` is absent. */
  run(id: CourseRunId, viewer?: UserId): Promise<CourseRunResource | undefined>
  ofCourse(courseId: CourseId): Promise<CourseRunListItem[]>
  offer(id: CourseRunId, now: string): Promise<Offer | undefined>
}
export const CourseRunQueries = token<CourseRunQueries>('learning.CourseRunQueries')

/** What the public may know of a tutor; the user service owns it. */
export interface TutorName {
  readonly tutorId: UserId
  readonly name: string
  readonly slug: string | undefined
  /** Of the profile that was read, or of an earlier one; 0 where it is not known. */
  readonly profileVersion: number
}

export interface TutorNameRegistry {
  isTutor(userId: UserId): Promise<boolean>
  coursesOf(tutorId: UserId): Promise<readonly CourseId[]>
  /** Keeps the name, unless one of a later profile stands already. */
  keep(name: TutorName): Promise<void>
}
export const TutorNames = token<TutorNameRegistry>('learning.TutorNames')

/** A view whose tutor's public name may not be known yet. */
export type UnnamedCourseView = Omit<CourseView, 'tutor'> & {
  readonly tutorId: UserId
  readonly tutorName: Pick<TutorName, 'name' | 'slug'> | undefined
}

/** The tables as the catalog reads them. */
export interface CatalogTables extends Pick<CatalogSource, 'revisions' | 'subjects'> {
  /** Of one course; undefined where it was never public. */
  revision(courseId: string): Promise<number | undefined>
  /** View and revision in one snapshot. */
  view(courseId: string): Promise<UnnamedCourseView | undefined>
}
export const CatalogTables = token<CatalogTables>('learning.CatalogTables')
export const TutorDirectory = token<TutorDirectoryPort>('learning.TutorDirectory')
export const CatalogProjector = token<CatalogProjectorPort>('learning.CatalogProjector')
