import { z } from 'zod'
import type { Instant } from '../kernel/clock.ts'
import type { InvoiceId, PaymentId, RefundId, UserId } from '../kernel/ids.ts'
import type { Money } from '../kernel/money.ts'
import type { OpenPurchase } from './purchase.ts'
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

/** A document that never changes. */
export interface Invoice {
  readonly id: InvoiceId
  readonly kind: InvoiceKind
  readonly year: number
  /** From 1 on, without gaps within the year. */
  readonly place: number
  /** What it is about: one document for each payment and each refund. */
  readonly about: PaymentId | RefundId
  readonly paymentId: PaymentId
  readonly payerId: UserId
  readonly purchase: PurchaseRef
  /** The invoice that a credit note takes back. */
  readonly corrects: InvoiceId | undefined
  readonly lines: readonly PurchaseLine[]
  readonly discount: AppliedDiscount | undefined
  readonly total: Money
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
  { lines, discount, total }: Pick<OpenPurchase, 'lines' | 'discount' | 'total'>,
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
  issuedAt: at,
})

/** For what was given back. */
export const creditNoteFor = (
  invoice: Invoice,
  { id, refundId, money }: { id: InvoiceId; refundId: RefundId; money: Money },
  place: Place,
  at: Instant,
): Invoice => ({
  ...invoice,
  ...place,
  id,
  kind: 'credit_note',
  about: refundId,
  corrects: invoice.id,
  lines: [{ description: `Refund of ${numberOf(invoice)}`, money }],
  discount: undefined,
  total: money,
  issuedAt: at,
})
