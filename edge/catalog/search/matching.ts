import type { CatalogFilter } from '../query/catalog-filter.ts'
import { availability } from './availability.ts'
import type { IndexedCourse, IndexedRun } from './indexed-course.ts'
import { relevance, term } from './ranking.ts'
import type { Snapshot } from './snapshot.ts'

/** A course that fits, with the runs that made it fit. */
export interface Match {
  readonly course: IndexedCourse
  readonly score: number
  readonly runs: readonly IndexedRun[]
}

/** Every course that fits all filters. Filters about runs must be met by one and the same run. */
export function matching(snapshot: Snapshot, filter: CatalogFilter, now: number): Match[] {
  const terms = filter.q?.split(' ').map(term)
  const matches: Match[] = []
  for (const course of snapshot.courses) {
    if (!fitsCourse(course, filter, snapshot)) continue
    const runs = hasRunFilter(filter) ? course.runs.filter((run) => fitsRun(run, filter, now)) : course.runs
    if (runs.length === 0 && hasRunFilter(filter)) continue
    const score = terms ? relevance(course, terms) : 0
    if (score !== undefined) matches.push({ course, score, runs })
  }
  return matches
}

function fitsCourse({ card, languages }: IndexedCourse, filter: CatalogFilter, { taxonomy }: Snapshot): boolean {
  const { subject, level, language, tutor, rating = 0 } = filter
  return (
    (card.rating?.mean ?? 0) >= rating &&
    (level.length === 0 || (card.level !== undefined && level.includes(card.level))) &&
    (language.length === 0 || languages.some((range) => language.includes(range.toLowerCase()))) &&
    (tutor.length === 0 || tutor.includes(card.tutor.id) || tutor.includes(card.tutor.slug ?? '')) &&
    (subject.length === 0 || taxonomy.lineage(card.subject.slug).some((slug) => subject.includes(slug)))
  )
}

const hasRunFilter = ({ pacing, availability, currency, priceMin, priceMax, free }: CatalogFilter) =>
  pacing.length > 0 ||
  availability.length > 0 ||
  currency !== undefined ||
  priceMin !== undefined ||
  priceMax !== undefined ||
  free

function fitsRun(run: IndexedRun, filter: CatalogFilter, now: number): boolean {
  const { amount, currency } = run.price
  return (
    (filter.pacing.length === 0 || (run.pacing !== undefined && filter.pacing.includes(run.pacing))) &&
    (filter.availability.length === 0 || filter.availability.includes(availability(run, now))) &&
    (filter.currency === undefined || filter.currency === currency) &&
    amount >= (filter.priceMin ?? 0) &&
    amount <= (filter.priceMax ?? Infinity) &&
    (!filter.free || amount === 0)
  )
}
