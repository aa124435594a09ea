import type { CatalogFilter } from '../query/catalog-filter.ts'
import { AVAILABILITIES, availability } from './availability.ts'
import { type Match, matching } from './matching.ts'
import type { Snapshot } from './snapshot.ts'

export interface FacetValue {
  value: string
  name?: string
  count: number
}

export interface PriceFacet {
  free: number
  currencies: { currency: string; count: number; min: number; max: number }[]
}

export interface Facets {
  total: number
  subject: FacetValue[]
  level: FacetValue[]
  language: FacetValue[]
  tutor: FacetValue[]
  pacing: FacetValue[]
  availability: FacetValue[]
  price: PriceFacet
}

const MOST_VALUES = 100

/** The count of a value is what a list would hold if that value were chosen instead: its own filter is left out. */
export function facets(snapshot: Snapshot, filter: CatalogFilter, now: number): Facets {
  const all = matching(snapshot, filter, now)
  const without = (facet: keyof CatalogFilter) =>
    isSet(filter[facet]) ? matching(snapshot, { ...filter, [facet]: [] }, now) : all
  const whateverAvailability = without('availability')
  const { taxonomy } = snapshot
  const subjectNames = new Map(snapshot.courses.map(({ card }) => [card.subject.slug, card.subject.name]))
  const tutorNames = new Map<string, string>(snapshot.courses.map(({ card }) => [card.tutor.id, card.tutor.name]))
  return {
    total: all.length,
    subject: tally(
      without('subject'),
      ({ course }) => taxonomy.lineage(course.card.subject.slug),
      (slug) => taxonomy.name(slug) ?? subjectNames.get(slug),
    ),
    level: tally(without('level'), ({ course }) => (course.card.level ? [course.card.level] : [])),
    language: tally(without('language'), ({ course }) => course.languages),
    tutor: tally(
      without('tutor'),
      ({ course }) => [course.card.tutor.id],
      (id) => tutorNames.get(id),
    ),
    pacing: tally(without('pacing'), ({ runs }) => runs.flatMap(({ pacing }) => pacing ?? [])),
    availability: AVAILABILITIES.map((value) => ({
      value,
      count: whateverAvailability.filter(({ runs }) => runs.some((run) => availability(run, now) === value)).length,
    })),
    price: priceFacet(matching(snapshot, withoutPrice(filter), now)),
  }
}

const isSet = (value: CatalogFilter[keyof CatalogFilter]) => Array.isArray(value) && value.length > 0

function withoutPrice({ priceMin: _, priceMax: __, currency: ___, ...rest }: CatalogFilter): CatalogFilter {
  return { ...rest, free: false }
}

function tally(
  matches: readonly Match[],
  valuesOf: (match: Match) => readonly string[],
  nameOf: (value: string) => string | undefined = () => undefined,
): FacetValue[] {
  const counts = new Map<string, number>()
  for (const match of matches) {
    for (const value of new Set(valuesOf(match))) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, MOST_VALUES)
    .map(([value, count]) => {
      const name = nameOf(value)
      return { value, ...(name && { name }), count }
    })
}

function priceFacet(matches: readonly Match[]): PriceFacet {
  const ranges = new Map<string, { count: number; min: number; max: number }>()
  for (const { runs } of matches) {
    for (const currency of new Set(runs.map((run) => run.price.currency))) {
      const amounts = runs.filter((run) => run.price.currency === currency).map((run) => run.price.amount)
      const range = ranges.get(currency) ?? { count: 0, min: Infinity, max: 0 }
      range.count++
      range.min = Math.min(range.min, ...amounts)
      range.max = Math.max(range.max, ...amounts)
      ranges.set(currency, range)
    }
  }
  return {
    free: matches.filter(({ runs }) => runs.some((run) => run.price.amount === 0)).length,
    currencies: [...ranges].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, range]) => ({ currency, ...range })),
  }
}
