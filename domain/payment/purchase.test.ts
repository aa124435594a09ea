import { describe, expect, test } from 'vitest'
import { PurchaseCancelled, PurchaseMismatch, PurchaseTooLarge } from './errors.ts'
import { COURSE, eur, LEARNER, NOW, openPurchase, PRICE, PURCHASE_ID, STRANGER, TERMS, TUTOR } from './fixtures.ts'
import { Purchase } from './purchase.ts'

const opened = { id: PURCHASE_ID, ref: COURSE, payerId: LEARNER } as const

describe('a purchase', () => {
  test('totals its lines, and says whose that is', () => {
    const purchase = Purchase.open(
      {
        ...opened,
        lines: [
          { description: 'Course', money: eur(4_000) },
          { description: 'Book', money: eur(760) },
        ],
        tutorId: TUTOR,
      },
      TERMS,
      NOW,
    )
    expect(purchase.open.total).toEqual(eur(4_760))
    expect(purchase.open.shares).toEqual({
      tax: { percent: 19, money: eur(760) },
      tutor: { tutorId: TUTOR, money: eur(3_200) },
    })
  })

  test('refuses lines in two currencies', () => {
    const lines = [
      { description: 'Course', money: eur(4_000) },
      { description: 'Book', money: { amount: 1, currency: 'USD' } },
    ] as const
    expect(() => Purchase.open({ ...opened, lines }, TERMS, NOW)).toThrow('EUR and USD cannot be combined.')
  })

  test('refuses a total above what one payment can take', () => {
    const line = { description: 'Course', money: eur(99_999_999) }
    expect(() => Purchase.open({ ...opened, lines: [line, line] }, TERMS, NOW)).toThrow(PurchaseTooLarge())
  })

  test('keeps its lines when the quote they came from changes afterwards', () => {
    const line = { description: 'Course', money: eur(4_000) }
    const purchase = Purchase.open({ ...opened, lines: [line] }, TERMS, NOW)
    line.description = 'Another course'
    line.money = eur(1)
    expect(purchase.open.lines).toEqual([{ description: 'Course', money: eur(4_000) }])
  })

  test('costs its lines less the discount, and is asked for again at the price before it', () => {
    const lines = [{ description: 'Course', money: PRICE }] as const
    const discount = { couponCode: 'SPRING', money: eur(1_000) }
    const purchase = Purchase.open({ id: PURCHASE_ID, ref: COURSE, payerId: LEARNER, lines, discount }, TERMS, NOW)
    expect(purchase.open).toMatchObject({ total: eur(4_000), discount })
    expect(() => purchase.confirm({ payerId: LEARNER, money: PRICE })).not.toThrow()
    expect(() => purchase.confirm({ payerId: LEARNER, money: eur(4_000) })).toThrow(PurchaseMismatch(COURSE))
  })

  test('confirms a repeated request of the same payer and amount', () => {
    expect(() => openPurchase().confirm({ payerId: LEARNER, money: PRICE })).not.toThrow()
  })

  test.each([
    ['another payer', { payerId: STRANGER, money: PRICE } as const],
    ['another amount', { payerId: LEARNER, money: eur(4_999) } as const],
    ['another currency', { payerId: LEARNER, money: { amount: 5_000, currency: 'USD' } } as const],
  ])('refuses a repeated request of %s', (_, asked) => {
    expect(() => openPurchase().confirm(asked)).toThrow(PurchaseMismatch(COURSE))
  })
})

describe('a cancel for a purchase that is not known yet', () => {
  const cancelledBeforehand = () => Purchase.cancelledBeforehand({ id: PURCHASE_ID, ref: COURSE, actionId: 'a1' }, NOW)

  test('is recorded with the action that asked for it', () => {
    expect(cancelledBeforehand().state).toMatchObject({ status: 'CANCELLED', actionId: 'a1', cancelledAt: NOW })
  })

  test('stops the creation that finds it', () => {
    expect(() => cancelledBeforehand().confirm({ payerId: LEARNER, money: PRICE })).toThrow(PurchaseCancelled(COURSE))
    expect(() => cancelledBeforehand().open).toThrow(PurchaseCancelled(COURSE))
  })
})
