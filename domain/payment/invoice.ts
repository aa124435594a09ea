import { z } from 'zod'
import type { Instant } from '../kernel/clock.ts'
import type { InvoiceId, PaymentId, UserId } from '../kernel/ids.ts'
import type { Money } from '../kernel/money.ts'
import type { OpenPurchase } from './purchase.ts'
import type { IncludedTax } from './shares.ts'
import type { AppliedDiscount, PurchaseLine, PurchaseRef } from './values.ts'

/** A credit note takes an invoice back, as a whole or in part. */
export const InvoiceKind = z.enum(['invoice', 'credit_note'])
export type InvoiceKind = z.infer<typeof InvoiceKind>

/** Shown to people: year and place in it, `2026-000042`. There is one series a year, without gaps. */
export const InvoiceNumber = z
  .string()
  .regex(/^\d{4}-\d{6,}$/)
  .meta({ examples: ['2026-000042'] })
export type InvoiceNumber = z.infer<typeof InvoiceNumber>

/** What a document is about: a payment, a refund, or a dispute that was lost. */
export type InvoiceSubject = string

/** A document that never changes. */
export interface Invoice {
  readonly id: InvoiceId
  readonly kind: InvoiceKind
  readonly year: number
  /** From 1 on, without gaps within the year. */
  readonly place: number
  /** One document for each. */
  readonly about: InvoiceSubject
  readonly paymentId: PaymentId
  readonly payerId: UserId
  readonly purchase: PurchaseRef
  /** The invoice that a credit note takes back. */
  readonly corrects: InvoiceId | undefined
  readonly lines: readonly PurchaseLine[]
  readonly discount: AppliedDiscount | undefined
  readonly total: Money
  /** Within the total. */
  readonly tax: IncludedTax | undefined
  readonly issuedAt: Instant
}

/** The next free place of a year. */
export interface Place {
  readonly year: number
  readonly place: number
}

export const numberOf = ({ year, place }: Place): InvoiceNumber => `${year}-${String(place).padStart(6, '0')}`

/** The year that a document of this instant belongs to. */
export const yearOf = (at: Instant): number => new Date(at).getUTCFullYear()

type Named = Pick<Invoice, 'id' | 'paymentId' | 'payerId' | 'purchase'>

/** For what was paid. */
export const invoiceFor = (
  named: Named,
  { lines, discount, total, shares }: Pick<OpenPurchase, 'lines' | 'discount' | 'total' | 'shares'>,
  place: Place,
  at: Instant,
): Invoice => ({
  ...named,
  ...place,
  kind: 'invoice',
  about: named.paymentId,
  corrects: undefined,
  lines,
  discount,
  total,
  tax: shares.tax,
  issuedAt: at,
})

/** What a credit note is for: money that was given back, or that a bank took. */
export interface Correction {
  readonly id: InvoiceId
  readonly about: InvoiceSubject
  readonly money: Money
  readonly tax: IncludedTax | undefined
}

const WHY = { refund: 'Refund', dispute: 'Charge-back' } as const

/** For what the payer has again. */
export const creditNoteFor = (
  invoice: Invoice,
  why: keyof typeof WHY,
  { id, about, money, tax }: Correction,
  place: Place,
  at: Instant,
): Invoice => ({
  ...invoice,
  ...place,
  id,
  kind: 'credit_note',
  about,
  corrects: invoice.id,
  lines: [{ description: `${WHY[why]} of ${numberOf(invoice)}`, money }],
  discount: undefined,
  total: money,
  tax,
  issuedAt: at,
})
