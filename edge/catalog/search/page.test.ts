import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CourseView } from '#edge/read-models/course-view.ts'
import { courseView, run } from '#edge/read-models/testing/course-view.ts'
import { arbitraryCatalog, NOW } from '../testing/arbitrary-course.ts'
import { noFilter, snapshotOf } from '../testing/snapshot.ts'
import { matching } from './matching.ts'
import { page } from './page.ts'
import { comparePositions, type Position, position, SORTS, type Sort } from './sorting.ts'

const filterFor = (sort: Sort) => (sort === 'relevance' ? { ...noFilter, q: 'algebra' } : noFilter)
const all = (views: readonly CourseView[], sort: Sort) => matching(snapshotOf(views), filterFor(sort), NOW)
const ids = (views: readonly CourseView[], sort: Sort) =>
  all(views, sort)
    .sort((a, b) => comparePositions(position(sort, a, NOW), position(sort, b, NOW)))
    .map(({ course }) => course.card.id)

/** Walks all pages; `between` may change the catalog before each but the first. */
function walk(views: readonly CourseView[], sort: Sort, limit: number, between = () => views): string[] {
  const seen: string[] = []
  let now = views
  for (let after: Position | undefined; ; now = between()) {
    const { matches, next } = page(all(now, sort), sort, limit, NOW, after)
    seen.push(...matches.map(({ course }) => course.card.id))
    if (!next) return seen
    after = next
  }
}

const sorts = fc.constantFrom(...SORTS)
const limits = fc.integer({ min: 1, max: 7 })

test('pages together are the sorted whole', () => {
  fc.assert(
    fc.property(arbitraryCatalog, sorts, limits, (views, sort, limit) => {
      expect(walk(views, sort, limit)).toEqual(ids(views, sort))
    }),
  )
})

test('courses that appear or vanish between pages neither repeat nor hide the others', () => {
  fc.assert(
    fc.property(arbitraryCatalog, arbitraryCatalog, sorts, limits, (views, others, sort, limit) => {
      const known = new Set(views.map(({ courseId }) => courseId))
      const newcomers = others.filter(({ courseId }) => !known.has(courseId))
      const staying = views.filter((_, index) => index % 3 !== 0)
      const seen = walk(views, sort, limit, () => [...newcomers, ...staying])
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).toEqual(expect.arrayContaining(ids(staying, sort)))
    }),
  )
})

test('by price free comes first, then currency by currency, and a course without runs last either way', () => {
  const priced = (n: number, amount: number, currency: 'EUR' | 'USD') =>
    courseView(n, { runs: [run(n, { price: { amount, currency } })] })
  const views = [
    courseView(1, { runs: [] }),
    priced(2, 100, 'USD'),
    priced(3, 900, 'EUR'),
    priced(4, 500, 'EUR'),
    priced(5, 0, 'USD'),
  ]
  const order = (sort: Sort) => ids(views, sort).map((id) => views.findIndex(({ courseId }) => courseId === id) + 1)
  expect(order('price')).toEqual([5, 4, 3, 2, 1])
  expect(order('-price')).toEqual([3, 4, 2, 5, 1])
})

test('the best rated come first, of those the ones with more reviews, and without a review comes last', () => {
  const rated = (n: number, mean: number, count: number) =>
    courseView(n, { rating: { mean, count, histogram: [0, 0, 0, 0, count] } })
  const views = [courseView(1), rated(2, 4, 9), rated(3, 4.5, 1), rated(4, 4.5, 3)]
  expect(ids(views, 'rating')).toEqual([4, 3, 2, 1].map((n) => courseView(n).courseId))
})
