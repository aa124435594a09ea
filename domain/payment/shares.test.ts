import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eur, TERMS, TUTOR } from './fixtures.ts'
import { sharesOf, takenBack, taxIn } from './shares.ts'

describe('a sale', () => {
  test('has its tax within the price, and a share of the rest for the tutor', () => {
    expect(sharesOf(eur(11_900), TERMS, TUTOR)).toEqual({
      tax: { percent: 19, money: eur(1_900) },
      tutor: { tutorId: TUTOR, money: eur(8_000) },
    })
  })

  test("is the platform's where nobody else has a share", () => {
    expect(sharesOf(eur(11_900), { taxPercent: 0, tutorPercent: 80 })).toEqual({ tax: undefined, tutor: undefined })
  })

  test.each([
    ['half up', eur(10), 19, 2],
    ['without decimals', { amount: 990, currency: 'JPY' } as const, 10, 90],
    ['with three', { amount: 5_000, currency: 'KWD' } as const, 5, 238],
    ['by a rate with decimals', eur(10_000), 8.1, 749],
  ])('rounds its tax to the minor unit, %s', (_, total, percent, amount) => {
    expect(taxIn(total, percent)?.money).toEqual({ ...total, amount })
  })

  test('never divides more than there is', () => {
    const percent = fc.integer({ min: 0, max: 10_000 }).map((points) => points / 100)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), percent, percent, (amount, taxPercent, tutorPercent) => {
        const { tax, tutor } = sharesOf(eur(amount), { taxPercent, tutorPercent }, TUTOR)
        expect((tax?.money.amount ?? 0) + (tutor?.money.amount ?? 0)).toBeLessThanOrEqual(amount)
      }),
    )
  })
})

describe('what is taken back', () => {
  test('is nothing more and nothing less than each share, whatever steps it goes in', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9_999_999 }), { minLength: 1, maxLength: 10 }), (steps) => {
        const total = steps.reduce((sum, step) => sum + step, 0)
        const shares = sharesOf(eur(total), TERMS, TUTOR)
        let before = 0
        const taken = steps.map((step) => {
          const back = takenBack(shares, { total, before, after: before + step })
          before += step
          return [back.tax?.money.amount ?? 0, back.tutor?.money.amount ?? 0] as const
        })
        for (const [tax, tutor] of taken) expect(Math.min(tax, tutor)).toBeGreaterThanOrEqual(0)
        const [tax, tutor] = [0, 1].map((n) => taken.reduce((sum, amounts) => sum + (amounts[n] ?? 0), 0))
        expect([tax, tutor]).toEqual([shares.tax?.money.amount, shares.tutor?.money.amount])
      }),
    )
  })
})
