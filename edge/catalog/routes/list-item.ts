import type { ItemField } from '../query/read-list-query.ts'
import { bestAvailability, offeredRuns } from '../search/availability.ts'
import type { Match } from '../search/matching.ts'
import { lowestPrice } from '../search/sorting.ts'

/** A card with what the clock makes of its runs; price, dates and availability are those of the runs that fit the query. */
export function listItem({ course, runs }: Match, now: number) {
  const { id, slug, title, summary, subject, level, language, tutor, rating, publishedAt, updatedAt } = course.card
  const [startsAt] = offeredRuns(runs, now)
    .flatMap((run) => run.startsAt ?? [])
    .sort()
  return {
    id,
    slug,
    title,
    summary,
    subject,
    level,
    language,
    tutor,
    price: lowestPrice(runs, now),
    pacing: [...new Set(runs.flatMap((run) => run.pacing ?? []))].sort(),
    availability: bestAvailability(runs, now),
    startsAt,
    rating,
    publishedAt,
    updatedAt,
  } satisfies Record<ItemField, unknown>
}

export function picked(item: ReturnType<typeof listItem>, fields: readonly ItemField[] | undefined) {
  return fields ? Object.fromEntries(fields.map((field) => [field, item[field]])) : item
}
