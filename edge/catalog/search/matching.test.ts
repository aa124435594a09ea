import { describe, expect, test } from 'vitest'
import { courseView, run } from '#edge/read-models/testing/course-view.ts'
import type { CatalogFilter } from '../query/catalog-filter.ts'
import { NOW } from '../testing/arbitrary-course.ts'
import { noFilter, snapshotOf } from '../testing/snapshot.ts'
import { bestAvailability } from './availability.ts'
import { matching } from './matching.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' }) as const
const before = '2026-02-01T00:00:00.000Z'
const after = '2026-03-01T00:00:00.000Z'

const snapshot = snapshotOf(
  [
    courseView(1, { language: 'en-GB', runs: [run(1, { price: eur(1000) })] }),
    courseView(2, { level: 'advanced', runs: [run(2, { price: { amount: 1000, currency: 'USD' } })] }),
    courseView(3, {
      subject: { slug: 'cooking', name: 'Cooking' },
      runs: [run(3, { price: eur(5000) }), run(4, { price: eur(500), full: true })],
    }),
  ],
  [
    { slug: 'mathematics', name: 'Mathematics' },
    { slug: 'algebra', name: 'Algebra', parent: 'mathematics' },
  ],
)

const found = (filter: Partial<CatalogFilter>) =>
  matching(snapshot, { ...noFilter, ...filter }, NOW).map(({ course }) => course.card.slug)

describe('filters', () => {
  test('a subject holds all below it', () => {
    expect(found({ subject: ['mathematics'] })).toEqual(['course-1', 'course-2'])
    expect(found({ subject: ['cooking'] })).toEqual(['course-3'])
  })
  test('a rating holds those that are rated so or better', () => {
    const rated = (n: number, mean: number) => courseView(n, { rating: { count: 2, mean, histogram: [0, 0, 0, 0, 2] } })
    const views = snapshotOf([rated(1, 3.99), rated(2, 4), courseView(3)])
    const slugs = (rating: number) =>
      matching(views, { ...noFilter, rating }, NOW).map(({ course }) => course.card.slug)
    expect(slugs(4)).toEqual(['course-2'])
    expect(slugs(1)).toEqual(['course-1', 'course-2'])
  })
  test('a language range holds its regions, not the other way round', () => {
    expect(found({ language: ['en'] })).toHaveLength(3)
    expect(found({ language: ['en-gb'] })).toEqual(['course-1'])
  })
  test('alternatives add up', () => {
    expect(found({ level: ['advanced', 'beginner'] })).toHaveLength(3)
  })
  test('a tutor is found by id or slug', () => {
    expect(found({ tutor: ['ada-byron'] })).toHaveLength(3)
    expect(found({ tutor: [courseView(1).tutor.id] })).toHaveLength(3)
  })
  test('amounts count in the asked currency only', () => {
    expect(found({ currency: 'EUR', priceMax: 1000 })).toEqual(['course-1', 'course-3'])
  })
  test('one and the same run must be cheap and open', () => {
    expect(found({ currency: 'EUR', priceMax: 1000, availability: ['open'] })).toEqual(['course-1'])
  })
})

describe('availability follows the clock', () => {
  test.each([
    ['open', {}],
    ['open', { enrollmentOpensAt: before, enrollmentClosesAt: after }],
    ['upcoming', { enrollmentOpensAt: after }],
    ['closed', { enrollmentClosesAt: before }],
    ['full', { full: true }],
    ['upcoming', { enrollmentOpensAt: after, full: true }],
  ] as const)('%s with %o', (expected, window) => {
    const [course] = snapshotOf([courseView(1, { runs: [run(1, window)] })]).courses
    expect(bestAvailability(course?.runs ?? [], NOW)).toBe(expected)
  })

  test('a run closes at the very instant', () => {
    const [course] = snapshotOf([courseView(1, { runs: [run(1, { enrollmentClosesAt: after })] })]).courses
    expect(bestAvailability(course?.runs ?? [], Date.parse(after) - 1)).toBe('open')
    expect(bestAvailability(course?.runs ?? [], Date.parse(after))).toBe('closed')
  })
})
