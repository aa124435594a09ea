import { InvoiceId } from '#domain/kernel/ids.ts'
import { creditNoteFor, yearOf } from '#domain/payment/invoice.ts'
import { on } from '#bus/messaging/handlers.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { InvoiceRepository } from '../ports.ts'

/** A refund that is heard of before its payment waits for the invoice: it is delivered again. */
export const issueCreditNote = on(
  Payments.RefundProcessed,
  { invoices: InvoiceRepository },
  async ({ data: { refundId, paymentId, money }, tx, ids }, { invoices }) => {
    if (await invoices.about(refundId)) return
    const invoice = await invoices.about(paymentId)
    if (!invoice) throw new Error(`${paymentId} has no invoice yet.`)
    const note = { id: InvoiceId.parse(ids.next('inv')), refundId, money }
    invoices.issue(tx, creditNoteFor(invoice, note, await invoices.next(yearOf(tx.now)), tx.now))
  },
)
