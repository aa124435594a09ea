import { describe, expect, test } from 'vitest'
import { COURSE, eur, LEARNER, later, NOW, PAYMENT_ID } from './fixtures.ts'
import { creditNoteFor, InvoiceNumber, invoiceFor, numberOf, yearOf } from './invoice.ts'

const named = {
  id: 'inv_01950000-0000-7000-8000-000000000001',
  paymentId: PAYMENT_ID,
  payerId: LEARNER,
  purchase: COURSE,
} as const
const discount = { couponCode: 'SPRING', money: eur(100) }
const lines = [
  { description: 'Course', money: eur(5_000) },
  { description: 'Book', money: eur(900) },
] as const
const tax = { percent: 19, money: eur(926) }
const bought = { lines, discount, total: eur(5_800), shares: { tax, tutor: undefined } }

describe('an invoice', () => {
  test('is for what was bought, discount and all', () => {
    const invoice = invoiceFor(named, bought, { year: 2026, place: 42 }, NOW)
    expect(invoice).toMatchObject({ kind: 'invoice', lines, discount, total: eur(5_800), tax, about: PAYMENT_ID })
  })

  test('is numbered by its year and its place in it', () => {
    expect(numberOf({ year: 2026, place: 42 })).toBe('2026-000042')
    expect(InvoiceNumber.safeParse(numberOf({ year: 2026, place: 1_234_567 })).success).toBe(true)
    expect(yearOf('2026-12-31T23:59:59.999Z')).toBe(2026)
    expect(yearOf('2027-01-01T00:00:00.000Z')).toBe(2027)
  })

  test('is taken back by a credit note, which names it and has a number of the same series', () => {
    const invoice = invoiceFor(named, bought, { year: 2026, place: 42 }, NOW)
    const refund = {
      id: 'inv_01950000-0000-7000-8000-000000000002',
      about: 'rfn_01950000-0000-7000-8000-000000000001',
      money: eur(900),
      tax: { percent: 19, money: eur(144) },
    } as const
    expect(creditNoteFor(invoice, 'refund', refund, { year: 2026, place: 43 }, later(1))).toMatchObject({
      kind: 'credit_note',
      place: 43,
      corrects: invoice.id,
      about: refund.about,
      tax: refund.tax,
      payerId: LEARNER,
      total: eur(900),
      lines: [{ description: 'Refund of 2026-000042' }],
    })
  })
})
