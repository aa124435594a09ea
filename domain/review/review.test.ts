import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addMs, type Instant } from '../kernel/clock.ts'
import { type DeclaredError, DomainError } from '../kernel/errors.ts'
import { exampleIds, NOW } from '../learning/examples.ts'
import { NotEligible, ReviewNotFound, ReviewRemoved, ReviewSettled } from './errors.ts'
import { AggregateChanged, ReviewFact, ReviewHidden, ReviewSubmitted, ReviewUpdated } from './events.ts'
import { Rating, summaryOf } from './rating.ts'
import { EDIT_WINDOW_MS, type Opinion, Review } from './review.ts'
import { Stars, Verdict } from './values.ts'

const courseId = exampleIds.next('crs')
const authorId = exampleIds.next('usr')
const named = { id: exampleIds.next('rev'), courseId, authorId }
const standing = { tutorId: exampleIds.next('usr'), hasLearned: true }
const opinion: Opinion = { stars: 4, text: 'Clear.' }

const stored = (review: Review): Review => Review.restore(review.state, review.version + 1)
const published = (): Review => stored(Review.submit(named, standing, opinion, NOW))
const after = (act: (review: Review) => void, review = published()): Review => {
  act(review)
  return stored(review)
}
const refuses = (error: DeclaredError, act: () => void): void =>
  expect(act).toThrow(expect.objectContaining({ code: error.code }))
const fact = (stars: number, count: number, sum: number) => ({
  reviewId: named.id,
  targetType: 'course',
  targetId: courseId,
  authorId,
  stars,
  delta: { count, stars: sum },
})

describe('a review', () => {
  test('is seen at once, and counts', () => {
    const review = Review.submit(named, standing, opinion, NOW)
    expect(review.state).toEqual({ ...named, ...opinion, status: 'PUBLISHED', barred: false, submittedAt: NOW })
    expect(review.events).toEqual([{ definition: ReviewSubmitted, data: fact(4, 1, 4) }])
    expect(review.starMove).toEqual([undefined, 4])
  })

  test('is for who has learned something and does not teach it', () => {
    refuses(NotEligible, () => Review.submit(named, { ...standing, hasLearned: false }, opinion, NOW))
    refuses(NotEligible, () => Review.submit(named, { ...standing, tutorId: authorId }, opinion, NOW))
  })

  test('is changed for 30 days; the same again changes nothing, at any time', () => {
    const last = addMs(NOW, EDIT_WINDOW_MS)
    const review = published()
    review.write(opinion, standing, last)
    expect(review.events).toEqual([])
    refuses(ReviewSettled, () => review.write({ stars: 5 }, standing, last))
    review.write({ stars: 2 }, standing, addMs(last, -1))
    expect(review.state).toMatchObject({ stars: 2, text: undefined, submittedAt: NOW, editedAt: addMs(last, -1) })
    expect(review.events).toEqual([{ definition: ReviewUpdated, data: fact(2, 0, -2) }])
    expect(review.starMove).toEqual([4, 2])
  })

  test('is taken back at any time, and another may be written', () => {
    const review = published()
    review.withdraw()
    review.withdraw()
    expect(review.events).toEqual([{ definition: ReviewHidden, data: fact(4, -1, -4) }])
    const again = stored(review)
    refuses(NotEligible, () => again.write(opinion, { ...standing, hasLearned: false }, NOW))
    const later = addMs(NOW, 2 * EDIT_WINDOW_MS)
    again.write({ stars: 5 }, standing, later)
    expect(again.state).toMatchObject({ status: 'PUBLISHED', stars: 5, submittedAt: later })
    expect(again.events).toEqual([{ definition: ReviewSubmitted, data: fact(5, 1, 5) }])
  })

  test('that a moderator took down is not brought back by its author', () => {
    const hidden = after((review) => review.moderate('hide'))
    hidden.write({ stars: 5 }, standing, NOW)
    expect(hidden.state).toMatchObject({ status: 'HIDDEN', stars: 5 })
    const removed = after((review) => review.moderate('remove'))
    refuses(ReviewRemoved, () => removed.write(opinion, standing, NOW))
    const evaded = after(
      (review) => review.withdraw(),
      after((review) => review.moderate('hide')),
    )
    refuses(ReviewRemoved, () => evaded.write(opinion, standing, NOW))
  })

  test('is shown again by a moderator, unless it was removed or taken back', () => {
    const hidden = after((review) => review.moderate('hide'))
    hidden.moderate('publish')
    expect(hidden.state).toMatchObject({ status: 'PUBLISHED', barred: false })
    expect(hidden.events).toEqual([{ definition: ReviewUpdated, data: fact(4, 1, 4) }])
    for (const gone of [after((review) => review.moderate('remove')), after((review) => review.withdraw())])
      for (const verdict of ['publish', 'hide'] as const) refuses(ReviewRemoved, () => gone.moderate(verdict))
  })

  test('is answered while it is seen, and the last answer stands', () => {
    const review = published()
    review.reply('Thank you.', NOW)
    review.reply('Thank you.', addMs(NOW, 1))
    expect(review.state.reply).toEqual({ text: 'Thank you.', at: NOW })
    expect(review.events).toEqual([{ definition: ReviewUpdated, data: fact(4, 0, 0) }])
    refuses(ReviewNotFound, () => after((hidden) => hidden.moderate('hide')).reply('No.', NOW))
  })
})

test('a mean is of two decimals, and none of nothing is 0', () => {
  expect(summaryOf([0, 0, 0, 0, 0])).toEqual({ count: 0, mean: 0, histogram: [0, 0, 0, 0, 0] })
  expect(summaryOf([1, 0, 0, 0, 2]).mean).toBe(3.67)
})

const acts = fc.array(
  fc.record({
    who: fc.nat(4),
    afterMs: fc.integer({ min: 0, max: EDIT_WINDOW_MS / 2 }),
    what: fc.oneof(
      fc.record({ stars: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ verdict: fc.constantFrom(...Verdict.options) }),
      fc.constant('withdraw' as const),
      fc.constant('reply' as const),
    ),
  }),
  { maxLength: 40 },
)

test('a rating is what the visible reviews come to, and what their events add up to', () => {
  fc.assert(
    fc.property(acts, (life) => {
      const authors = Array.from({ length: 5 }, () => exampleIds.next('usr'))
      const reviews = new Map<number, Review>()
      let rating = Rating.none(courseId)
      let at: Instant = NOW
      const sums = { count: 0, stars: 0 }
      for (const { who, afterMs, what } of life) {
        at = addMs(at, afterMs)
        const known = reviews.get(who)
        const author = authors[who] ?? authorId
        let review = known
        try {
          if (typeof what === 'object' && 'stars' in what) {
            const said = { stars: Stars.parse(what.stars) }
            review ??= Review.submit({ id: exampleIds.next('rev'), courseId, authorId: author }, standing, said, at)
            if (known) review.write(said, standing, at)
          } else if (what === 'withdraw') review?.withdraw()
          else if (what === 'reply') review?.reply(at, at)
          else review?.moderate(what.verdict)
        } catch (error) {
          if (!(error instanceof DomainError)) throw error
        }
        if (!review) continue
        rating.count(...review.starMove)
        for (const { data } of review.events) {
          const { delta } = ReviewFact.parse(data)
          sums.count += delta.count
          sums.stars += delta.stars
        }
        reviews.set(who, stored(review))
        rating = Rating.restore(rating.state, 1)
      }
      const seen = [...reviews.values()].filter(({ state }) => state.status === 'PUBLISHED')
      const stars = seen.map(({ state }) => state.stars)
      expect(rating.state.histogram).toEqual([1, 2, 3, 4, 5].map((n) => stars.filter((given) => given === n).length))
      expect(sums).toEqual({ count: stars.length, stars: stars.reduce((sum, given) => sum + given, 0) })
    }),
    { numRuns: 300 },
  )
})

test('a rating tells of what changes it, and of nothing else', () => {
  const rating = Rating.none(courseId)
  rating.count(undefined, 4)
  rating.count(4, 4)
  expect(rating.events).toEqual([
    {
      definition: AggregateChanged,
      data: { targetType: 'course', targetId: courseId, count: 1, mean: 4, histogram: [0, 0, 0, 1, 0] },
    },
  ])
})
