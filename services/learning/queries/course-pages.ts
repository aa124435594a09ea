import type { CourseId } from '#domain/kernel/ids.ts'
import { type Cursors, filterHash } from '#services/kit/http/cursor.ts'
import { cutPage, type PageQuery } from '#services/kit/http/page.ts'
import type { Slice } from '../ports.ts'

/** One page of courses, newest first. */
export const pageOfCourses = async <Course extends { readonly courseId: CourseId }>(
  cursors: Cursors,
  list: Readonly<Record<string, unknown>>,
  { cursor, limit }: PageQuery,
  read: (slice: Slice) => Promise<readonly Course[]>,
) => {
  const hash = filterHash(list)
  const after = cursor === undefined ? undefined : cursors.decode(cursor, hash).id
  const rows = await read({ after, limit: limit + 1 })
  const placeOf = (courseId: CourseId) => cursors.encode({ sort: null, id: courseId, filterHash: hash })
  return cutPage(rows, limit, ({ courseId }) => placeOf(courseId))
}
