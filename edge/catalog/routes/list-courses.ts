import type { Call } from '../http/call.ts'
import type { Isolate } from '../isolate/isolate.ts'
import { type ListQuery, nextSearch } from '../query/read-list-query.ts'
import { matching } from '../search/matching.ts'
import { page } from '../search/page.ts'
import type { Snapshot } from '../search/snapshot.ts'
import { fromIndex, type Computed } from './from-index.ts'
import { listItem, picked } from './list-item.ts'

export function listCourses(call: Call, isolate: Isolate): Response | Promise<Response> {
  const query = isolate.listQueries.get(call.search)
  return fromIndex(call, isolate, `courses?${query.canonical}`, (snapshot, now) =>
    list(snapshot, query, isolate.cursors(call.env), now),
  )
}

async function list(
  snapshot: Snapshot,
  query: ListQuery,
  cursors: ReturnType<Isolate['cursors']>,
  now: number,
): Promise<Computed> {
  const { sort, limit, cursor, fields, scope } = query
  const after = cursor === undefined ? undefined : await cursors.decode(cursor, scope)
  const { matches, next } = page(matching(snapshot, query.filter, now), sort, limit, now, after)
  const items = matches.map((match) => picked(listItem(match, now), fields))
  if (!next) return { data: { items } }
  const nextCursor = await cursors.encode(next, scope)
  const headers = { Link: `</catalog/v1/courses${nextSearch(query, nextCursor)}>; rel="next"` }
  return { data: { items, nextCursor }, headers }
}
