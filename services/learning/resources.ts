import { z } from 'zod'
import { Instant } from '#domain/kernel/clock.ts'
import { CourseId, CourseRunId } from '#domain/kernel/ids.ts'
import type { Money } from '#domain/kernel/money.ts'
import type { Course } from '#domain/learning/course.ts'
import { DraftDetails } from '#domain/learning/course-details.ts'
import type { CourseRun } from '#domain/learning/course-run.ts'
import { type Curriculum, Sections } from '#domain/learning/curriculum.ts'
import { CourseDto } from '#domain/learning/messages.ts'
import { RunTerms } from '#domain/learning/run-terms.ts'
import { Slug } from '#domain/learning/slug.ts'

// What HTTP shows of the aggregates. `version` is the ETag, so nothing else that changes without it stands beside it.

export const CourseResource = CourseDto.extend({
  createdAt: Instant,
  publishedAt: Instant.optional(),
  archivedAt: Instant.optional(),
})
export type CourseResource = z.infer<typeof CourseResource>

/** What strangers see of a published course. */
export const PublishedCourse = DraftDetails.extend({ courseId: CourseId, slug: Slug, publishedAt: Instant })
export type PublishedCourse = z.infer<typeof PublishedCourse>

export const CurriculumResource = z.object({
  courseId: CourseId,
  /** What the author edits; learners see it after the next publication. */
  sections: Sections,
  /** Counts the publications; absent before the first. */
  publishedRevision: z.int().min(1).optional(),
  version: z.int().min(1),
})
export type CurriculumResource = z.infer<typeof CurriculumResource>

export const CourseRunResource = RunTerms.extend({
  courseRunId: CourseRunId,
  courseId: CourseId,
  status: z.enum(['OPEN', 'CLOSED']),
  version: z.int().min(1),
})
export type CourseRunResource = z.infer<typeof CourseRunResource>

export const CourseRunListItem = CourseRunResource.extend({ seatsTaken: z.int().min(0), seatsHeld: z.int().min(0) })
export type CourseRunListItem = z.infer<typeof CourseRunListItem>

export interface Offer {
  readonly courseId: CourseId
  readonly price: Money
  readonly seatsLeft: number
  readonly open: boolean
}

/** The version that a saved aggregate has: one more, where it has something to tell. */
const savedVersion = ({ version, events }: Pick<Course, 'version' | 'events'>): number =>
  events.length > 0 ? version + 1 : version

export const courseResource = (course: Course): CourseResource => {
  const { state } = course
  const { id, tutorId, slug, status, createdAt, details } = state
  return {
    ...details,
    courseId: id,
    tutorId,
    slug,
    status,
    createdAt,
    publishedAt: state.status === 'DRAFT' ? undefined : state.publishedAt,
    archivedAt: state.status === 'ARCHIVED' ? state.archivedAt : undefined,
    version: savedVersion(course),
  }
}

export const courseRunResource = (run: CourseRun): CourseRunResource => {
  const { id, courseId, status, price, capacity, startsAt, endsAt, enrollmentOpensAt, enrollmentClosesAt, pacing } =
    run.state
  const terms = { price, capacity, startsAt, endsAt, enrollmentOpensAt, enrollmentClosesAt, pacing }
  return { courseRunId: id, courseId, status, ...terms, version: savedVersion(run) }
}

/** Of a curriculum that was saved. */
export const curriculumResource = ({ state, version }: Curriculum): CurriculumResource => ({
  courseId: state.id,
  sections: [...state.sections],
  publishedRevision: state.published?.revision,
  version: version + 1,
})
