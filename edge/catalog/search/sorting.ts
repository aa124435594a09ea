import { offeredRuns } from './availability.ts'
import type { IndexedCourse, IndexedRun } from './indexed-course.ts'
import type { Match } from './matching.ts'

export const SORTS = ['relevance', 'newest', 'price', '-price', 'title', 'rating'] as const
export type Sort = (typeof SORTS)[number]

/** Where a course stands in a sort order; with its id it names one place between all others, taken or not. */
export interface Position {
  readonly key: readonly (number | string)[]
  readonly id: string
}

export function position(sort: Sort, match: Match, now: number): Position {
  return { key: sortKey(sort, match, now), id: match.course.card.id }
}

function sortKey(sort: Sort, { course, score, runs }: Match, now: number): Position['key'] {
  switch (sort) {
    case 'relevance':
      return [-score, -course.publishedAtMs]
    case 'newest':
      return [-course.publishedAtMs]
    case 'title':
      return [course.title]
    case 'rating':
      return ratingKey(course)
    case 'price':
      return priceKey(runs, now, 1)
    case '-price':
      return priceKey(runs, now, -1)
  }
}

/** Best first, of those the ones that more people say so of; without a review comes last. */
function ratingKey({ card: { rating } }: IndexedCourse): Position['key'] {
  return rating ? [-rating.mean, -rating.count] : [0, 0]
}

/** Amounts of two currencies do not compare: free comes first, then currency by currency; without a run comes last. */
function priceKey(runs: readonly IndexedRun[], now: number, direction: 1 | -1): Position['key'] {
  const price = lowestPrice(runs, now)
  if (!price) return [1, '', 0]
  return [0, price.amount === 0 && direction === 1 ? '' : price.currency, price.amount * direction]
}

/** The lowest price among the runs that are as available as it gets. */
export function lowestPrice(runs: readonly IndexedRun[], now: number): IndexedRun['price'] | undefined {
  const [first, ...others] = offeredRuns(runs, now)
  return first && others.reduce((lowest, { price }) => (isLower(price, lowest) ? price : lowest), first.price)
}

const isLower = (a: IndexedRun['price'], b: IndexedRun['price']) =>
  a.amount === 0 || b.amount === 0 || a.currency === b.currency ? a.amount < b.amount : a.currency < b.currency

export function comparePositions(a: Position, b: Position): number {
  for (const [index, part] of a.key.entries()) {
    const other = b.key[index] ?? 0
    if (part !== other) return part < other ? -1 : 1
  }
  return a.id < b.id ? -1 : Number(a.id > b.id)
}
