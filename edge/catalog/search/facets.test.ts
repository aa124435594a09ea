import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CatalogFilter } from '../query/catalog-filter.ts'
import { arbitraryCatalog, NOW } from '../testing/arbitrary-course.ts'
import { noFilter, snapshotOf } from '../testing/snapshot.ts'
import { AVAILABILITIES } from './availability.ts'
import { facets } from './facets.ts'
import { matching } from './matching.ts'
import { subjectTree } from './subject-tree.ts'

const some = <T>(...values: T[]) => fc.subarray(values, { maxLength: 1 })
const subjects = [
  { slug: 'mathematics', name: 'Mathematics' },
  { slug: 'algebra', name: 'Algebra', parent: 'mathematics' },
]

const filters: fc.Arbitrary<CatalogFilter> = fc
  .record({
    subject: some('mathematics', 'cooking'),
    level: some('beginner', 'advanced'),
    language: some('en', 'en-gb', 'zh'),
    pacing: some('self_paced'),
    availability: some(...AVAILABILITIES),
    free: fc.boolean(),
  })
  .map((filter) => ({ ...noFilter, ...filter }))

test('the count of a value is the length of the list that choosing it gives', () => {
  fc.assert(
    fc.property(arbitraryCatalog, filters, (views, filter) => {
      const snapshot = snapshotOf(views, subjects)
      const counted = facets(snapshot, filter, NOW)
      for (const facet of ['subject', 'level', 'language', 'tutor', 'pacing', 'availability'] as const) {
        for (const { value, count } of counted[facet]) {
          const chosen = { ...filter, [facet]: [facet === 'language' ? value.toLowerCase() : value] }
          expect(count, `${facet} ${value}`).toBe(matching(snapshot, chosen, NOW).length)
        }
      }
      expect(counted.price.free).toBe(matching(snapshot, { ...filter, free: true }, NOW).length)
      expect(counted.total).toBe(matching(snapshot, filter, NOW).length)
    }),
  )
})

test('the tree of subjects counts each course once in its subject and in every one above', () => {
  fc.assert(
    fc.property(arbitraryCatalog, (views) => {
      const snapshot = snapshotOf(views, subjects)
      const [mathematics] = subjectTree(snapshot).filter(({ slug }) => slug === 'mathematics')
      const algebra = views.filter(({ subject }) => subject.slug === 'algebra').length
      expect(mathematics).toMatchObject({ count: algebra, children: [{ slug: 'algebra', count: algebra }] })
    }),
  )
})

test('a taxonomy that runs in a circle still ends', () => {
  const circle = [
    { slug: 'a', name: 'A', parent: 'b' },
    { slug: 'b', name: 'B', parent: 'a' },
  ]
  expect(subjectTree(snapshotOf([], circle)).map(({ slug }) => slug)).toEqual(['a', 'b'])
})
