import fc from 'fast-check'
import type { CourseView } from '#edge/read-models/course-view.ts'
import { courseView, run } from '#edge/read-models/testing/course-view.ts'

const instants = ['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01'].map((day) => `${day}T00:00:00.000Z`)
const instant = fc.constantFrom(...instants)
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

const arbitraryRun = fc
  .record({
    n: fc.nat(99),
    price: fc.record({ amount: fc.constantFrom(0, 900, 1000, 5000), currency: fc.constantFrom('EUR', 'USD') }),
    pacing: maybe(fc.constantFrom('self_paced', 'instructor_paced')),
    enrollmentOpensAt: maybe(instant),
    enrollmentClosesAt: maybe(instant),
    full: fc.boolean(),
  })
  .map(({ n, ...changes }) => run(n, changes))

/** Few values of everything, so that courses tie and filters meet. */
const arbitraryCourse: fc.Arbitrary<CourseView> = fc
  .record({
    n: fc.nat(200),
    title: fc.constantFrom('Linear algebra', 'Algebra for all', 'Cooking', 'École de cuisine', '机器学习入门'),
    subject: fc.constantFrom({ slug: 'algebra', name: 'Algebra' }, { slug: 'cooking', name: 'Cooking' }),
    level: maybe(fc.constantFrom('beginner', 'advanced')),
    language: fc.constantFrom('en', 'en-GB', 'zh'),
    runs: fc.array(arbitraryRun, { maxLength: 3 }),
    publishedAt: instant,
    rating: maybe(
      fc.record({ mean: fc.constantFrom(3, 4.5), count: fc.integer({ min: 1, max: 2 }) }).map((rating) => ({
        ...rating,
        histogram: [0, 0, rating.count, 0, 0],
      })),
    ),
  })
  .map(({ n, ...changes }) => courseView(n, changes))

export const arbitraryCatalog = fc.uniqueArray(arbitraryCourse, { selector: ({ courseId }) => courseId, maxLength: 40 })

/** Between the instants above. */
export const NOW = Date.parse('2026-02-15T00:00:00.000Z')
