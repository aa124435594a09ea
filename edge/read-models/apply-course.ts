import { chunkOf } from './chunks.ts'
import { courseCard } from './course-card.ts'
import { courseJsonLd } from './course-json-ld.ts'
import { coursePage } from './course-page.ts'
import { courseReviews } from './course-reviews.ts'
import { CourseView } from './course-view.ts'
import { CHUNK_REVISIONS, REVISIONS, chunkKey, slugKey } from './keys.ts'
import type { CatalogRedis } from './redis.ts'
import { WriteCourse } from './scripts/write-course.ts'
import { fingerprint, storedBytes } from './stored-bytes.ts'

/** `older`: Redis holds a later revision. `slug_taken`: a slug belongs to another course; nothing was written. */
export type Applied = 'applied' | 'older' | 'slug_taken'

/** Writes everything of one course at once: page, redirects or tombstones, card, and the revision of its chunk. */
export async function applyCourse(redis: CatalogRedis, view: CourseView): Promise<Applied> {
  const { keys, args } = courseWrite(CourseView.parse(view))
  const reply = await redis.script(WriteCourse, keys, args)
  if (reply === 'applied' || reply === 'older' || reply === 'slug_taken') return reply
  throw new Error(`${WriteCourse.name} answered ${JSON.stringify(reply)}`)
}

function courseWrite(view: CourseView) {
  const chunk = chunkOf(view.courseId)
  const published = view.status === 'published'
  const card = published ? JSON.stringify(courseCard(view)) : ''
  const page = published ? storedBytes(coursePage(view)) : { body: '', etag: '' }
  const reviews = published && view.reviews.length > 0 ? storedBytes(courseReviews(view)) : { body: '', etag: '' }
  const jsonLd = published ? storedBytes(courseJsonLd(view)) : { body: '', etag: '' }
  const formerSlugs = new Set(view.formerSlugs).difference(new Set([view.slug]))
  return {
    keys: [REVISIONS, CHUNK_REVISIONS, chunkKey(chunk), slugKey(view.slug), ...[...formerSlugs].map(slugKey)],
    args: [
      view.courseId,
      String(view.revision),
      String(chunk),
      // Names the write rather than counting it: a Redis restored from a snapshot cannot repeat a number with other cards.
      `${view.courseId}@${view.revision}.${fingerprint(card).slice(0, 8)}`,
      card,
      view.status,
      view.slug,
      page.etag,
      page.body,
      jsonLd.etag,
      jsonLd.body,
      reviews.etag,
      reviews.body,
    ],
  }
}
