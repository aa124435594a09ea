import { InvoiceId, type PaymentId } from '#domain/kernel/ids.ts'
import { type Correction, creditNoteFor, yearOf } from '#domain/payment/invoice.ts'
import { on } from '#bus/messaging/handlers.ts'
import { Payments } from '#bus/patterns/payment.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { InvoiceRepository } from '../ports.ts'

const deps = { invoices: InvoiceRepository }

/** Money that goes before the invoice is there waits for it: the event is delivered again. */
const issue = async (
  tx: UnitOfWork,
  invoices: InvoiceRepository,
  { paymentId, why }: { paymentId: PaymentId; why: Parameters<typeof creditNoteFor>[1] },
  correction: Correction,
): Promise<void> => {
  if (await invoices.about(correction.about)) return
  const invoice = await invoices.about(paymentId)
  if (!invoice) throw new Error(`${paymentId} has no invoice yet.`)
  invoices.issue(tx, creditNoteFor(invoice, why, correction, await invoices.next(yearOf(tx.now)), tx.now))
}

export const creditRefund = on(
  Payments.RefundProcessed,
  deps,
  ({ data: { refundId, paymentId, money, tax }, tx, ids }, { invoices }) => {
    const correction = { id: InvoiceId.parse(ids.next('inv')), about: refundId, money, tax }
    return issue(tx, invoices, { paymentId, why: 'refund' }, correction)
  },
)

/** A bank that has taken the money for good has undone the sale. */
export const creditChargeBack = on(
  Payments.DisputeClosed,
  deps,
  async ({ data: { disputeId, paymentId, money, tax, outcome }, tx, ids }, { invoices }) => {
    if (outcome === 'won') return
    const correction = { id: InvoiceId.parse(ids.next('inv')), about: disputeId, money, tax }
    await issue(tx, invoices, { paymentId, why: 'dispute' }, correction)
  },
)
