import { InvoiceId } from '#domain/kernel/ids.ts'
import { invoiceFor, yearOf } from '#domain/payment/invoice.ts'
import { on } from '#bus/messaging/handlers.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { InvoiceRepository, PurchaseRepository } from '../ports.ts'

/** What was paid gets the next number of its year; two at a time meet at it, and one comes again. */
export const issueInvoice = on(
  Payments.PaymentCompleted,
  { invoices: InvoiceRepository, purchases: PurchaseRepository },
  async ({ data: { paymentId, purchase: ref, payerId }, tx, ids }, { invoices, purchases }) => {
    if (await invoices.about(paymentId)) return
    const purchase = await purchases.find(ref)
    if (!purchase) throw new Error(`${paymentId} paid for a purchase that is not known.`)
    const named = { id: InvoiceId.parse(ids.next('inv')), paymentId, payerId, purchase: ref }
    invoices.issue(tx, invoiceFor(named, purchase.open, await invoices.next(yearOf(tx.now)), tx.now))
  },
)
