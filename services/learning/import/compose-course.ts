import { type Instant } from '#domain/kernel/clock.ts'
import type { Ids, UserId } from '#domain/kernel/ids.ts'
import { Course } from '#domain/learning/course.ts'
import { CourseRun } from '#domain/learning/course-run.ts'
import { Curriculum } from '#domain/learning/curriculum.ts'
import type { Slug } from '#domain/learning/slug.ts'
import type { ImportedCourse } from '../ports.ts'
import type { ReadItem } from './import-item.ts'

/** A course that lives elsewhere has no end and no last seat. */
const NEVER: Instant = '2100-01-01T00:00:00.000Z'
const SEATS = 1_000_000

export interface ImportContext {
  readonly ownerId: UserId
  readonly ids: Ids
  readonly now: Instant
}

/** An item as a published course with one lesson that links out and a free run that is open. */
export const composeCourse = (
  { urlKey, details }: ReadItem,
  slug: Slug,
  { ownerId, ids, now }: ImportContext,
): ImportedCourse => {
  const { title, externalUrl } = details
  const course = Course.create({ id: ids.next('crs'), tutorId: ownerId, slug }, details, now)
  const curriculum = Curriculum.empty(course.id)
  curriculum.put([{ title, lessons: [{ title, content: { kind: 'external', url: externalUrl } }] }], ids)
  const run = CourseRun.open(
    { id: ids.next('run'), courseId: course.id },
    {
      price: { amount: 0, currency: 'USD' },
      capacity: SEATS,
      startsAt: now,
      endsAt: NEVER,
      enrollmentOpensAt: now,
      enrollmentClosesAt: NEVER,
      pacing: 'self_paced',
    },
  )
  course.publish(curriculum, [run], now)
  curriculum.publish()
  return { urlKey, course, curriculum, run }
}
