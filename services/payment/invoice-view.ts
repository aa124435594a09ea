import { Instant } from '#domain/kernel/clock.ts'
import { InvoiceId, PaymentId, RefundId, UserId } from '#domain/kernel/ids.ts'
import { Money } from '#domain/kernel/money.ts'
import { type Invoice, InvoiceKind, InvoiceNumber, numberOf } from '#domain/payment/invoice.ts'
import { IncludedTax } from '#domain/payment/shares.ts'
import { AppliedDiscount, DisputeId, PurchaseLine, PurchaseRef } from '#domain/payment/values.ts'
import { z } from 'zod'

export const InvoiceView = z.object({
  invoiceId: InvoiceId,
  number: InvoiceNumber.describe('Year and place in it; there are no gaps.'),
  kind: InvoiceKind,
  paymentId: PaymentId,
  refundId: RefundId.optional().describe('What a credit note gave back.'),
  disputeId: DisputeId.optional().describe('What a credit note is for where a bank took the money.'),
  corrects: InvoiceId.optional().describe('The invoice that a credit note takes back.'),
  purchase: PurchaseRef,
  payerId: UserId,
  issuer: z.string().max(1_000).describe('Who sells: name and address, in lines.'),
  lines: z.array(PurchaseLine).max(100),
  discount: AppliedDiscount.optional(),
  total: Money,
  tax: IncludedTax.optional().describe('Within the total.'),
  issuedAt: Instant,
})
export type InvoiceView = z.infer<typeof InvoiceView>

const TITLES = { invoice: 'Invoice', credit_note: 'Credit note' } as const

export const invoiceTitle = ({ kind, number }: Pick<InvoiceView, 'kind' | 'number'>): string =>
  `${TITLES[kind]} ${number}`

export const presentInvoice = (invoice: Invoice, issuer: string): InvoiceView => {
  const { id: invoiceId, kind, paymentId, corrects, purchase, payerId, lines, discount, total, tax, issuedAt } = invoice
  const refundId = RefundId.safeParse(invoice.about).data
  const disputeId = kind === 'credit_note' && refundId === undefined ? invoice.about : undefined
  const number = numberOf(invoice)
  return {
    invoiceId,
    number,
    kind,
    paymentId,
    refundId,
    disputeId,
    corrects,
    purchase,
    payerId,
    issuer,
    lines: [...lines],
    discount,
    total,
    tax,
    issuedAt,
  }
}
