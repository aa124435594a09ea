import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DomainError } from '../kernel/errors.ts'
import { Currency, type Money } from '../kernel/money.ts'
import { Coupon, type CouponTerms } from './coupon.ts'
import { CouponCoversAll, CouponEnded, CouponExhausted, CouponLimitBelowUse, CouponNotApplicable } from './errors.ts'
import { eur, LEARNER, later, NOW } from './fixtures.ts'
import { CouponCode } from './values.ts'

const COURSE = 'crs_01950000-0000-7000-8000-000000000001'
const OTHER = 'crs_01950000-0000-7000-8000-000000000002'
const named = { id: 'cpn_01950000-0000-7000-8000-000000000001', code: 'SPRING', ownerId: LEARNER } as const
const tenPercent = { kind: 'percent', percent: 10 } as const
const coupon = (terms: Partial<CouponTerms> = {}): Coupon => Coupon.create(named, { discount: tenPercent, ...terms })

describe('a coupon', () => {
  test('takes off a part, rounded down, or an amount', () => {
    expect(coupon().discountOn(eur(4_999), COURSE, NOW)).toEqual(eur(499))
    const amount = coupon({ discount: { kind: 'amount', money: eur(700) } })
    expect(amount.discountOn(eur(4_999), COURSE, NOW)).toEqual(eur(700))
  })

  test('leaves what a card can be charged, in every currency', () => {
    const price = fc.record({
      amount: fc.integer({ min: 1, max: 9_999_999 }).map((n) => n * 10),
      currency: fc.constantFrom(...Currency.options),
    })
    fc.assert(
      fc.property(price, fc.integer({ min: 1, max: 99 }), (money: Money, percent) => {
        const discount = coupon({ discount: { kind: 'percent', percent } }).discountOn(money, COURSE, NOW)
        expect(discount.currency).toBe(money.currency)
        expect(discount.amount).toBeLessThan(money.amount)
        expect(discount.amount).toBeLessThanOrEqual((money.amount * percent) / 100)
        const threeDecimals = money.currency === 'KWD' || money.currency === 'BHD'
        expect(threeDecimals ? (money.amount - discount.amount) % 10 : 0).toBe(0)
      }),
    )
  })

  test('is for its courses alone, and for all where it names none', () => {
    const forOne = coupon({ courseIds: [COURSE] })
    expect(forOne.discountOn(eur(1_000), COURSE, NOW)).toEqual(eur(100))
    expect(() => forOne.discountOn(eur(1_000), OTHER, NOW)).toThrow(CouponNotApplicable())
    expect(() => forOne.discountOn(eur(1_000), undefined, NOW)).toThrow(CouponNotApplicable())
    expect(coupon().discountOn(eur(1_000), undefined, NOW)).toEqual(eur(100))
  })

  test('of an amount is for its currency alone', () => {
    const amount = coupon({ discount: { kind: 'amount', money: eur(700) } })
    expect(() => amount.discountOn({ amount: 1_000, currency: 'USD' }, COURSE, NOW)).toThrow(CouponNotApplicable())
  })

  test('leaves something to pay', () => {
    const amount = coupon({ discount: { kind: 'amount', money: eur(700) } })
    expect(() => amount.discountOn(eur(700), COURSE, NOW)).toThrow(CouponCoversAll())
    expect(amount.discountOn(eur(701), COURSE, NOW)).toEqual(eur(700))
  })

  test('ends with its time, and when it is disabled', () => {
    const ending = coupon({ validUntil: later(10) })
    expect(ending.discountOn(eur(1_000), COURSE, later(9))).toEqual(eur(100))
    expect(() => ending.discountOn(eur(1_000), COURSE, later(10))).toThrow(CouponEnded())
    ending.update({ validUntil: null })
    expect(ending.discountOn(eur(1_000), COURSE, later(10))).toEqual(eur(100))
    ending.update({ disabled: true })
    expect(() => ending.discountOn(eur(1_000), COURSE, NOW)).toThrow(CouponEnded())
  })

  test('cannot be limited below its uses', () => {
    const used = coupon()
    used.count(1)
    used.count(1)
    expect(() => used.update({ limit: 1 })).toThrow(CouponLimitBelowUse(2))
    used.update({ limit: 2 })
    expect(() => used.discountOn(eur(1_000), COURSE, NOW)).toThrow(CouponExhausted())
    used.update({ limit: null })
    expect(used.discountOn(eur(1_000), COURSE, NOW)).toEqual(eur(100))
  })

  test('is written in upper case', () => {
    expect(CouponCode.parse('spring-25')).toBe('SPRING-25')
    expect(CouponCode.safeParse('a b').success).toBe(false)
  })

  test('is taken exactly while its uses are below its limit, whatever comes in whatever order', () => {
    const act = fc.constantFrom('use', 'release', 'widen', 'narrow')
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(act, { maxLength: 40 }), (first, life) => {
        const limited = coupon({ limit: first })
        const model = { limit: first, uses: 0 }
        const seen: [boolean, boolean][] = []
        for (const what of life) {
          const isFree = model.uses < model.limit
          if (what === 'use') {
            seen.push([takes(limited), isFree])
            if (isFree) limited.count(1)
            model.uses += isFree ? 1 : 0
          } else if (what === 'release' && model.uses > 0) {
            limited.count(-1)
            model.uses -= 1
          } else if (what === 'widen') {
            model.limit += 1
            limited.update({ limit: model.limit })
          } else if (what === 'narrow' && model.limit > Math.max(1, model.uses)) {
            model.limit -= 1
            limited.update({ limit: model.limit })
          }
        }
        expect(seen.map(([given]) => given)).toEqual(seen.map(([, due]) => due))
        expect(limited.state).toMatchObject({ redeemed: model.uses, limit: model.limit })
        expect(model.uses).toBeLessThanOrEqual(model.limit)
      }),
    )
  })
})

const takes = (limited: Coupon): boolean => {
  try {
    return limited.discountOn(eur(1_000), COURSE, NOW).amount > 0
  } catch (error) {
    if (error instanceof DomainError) return false
    throw error
  }
}
