import { PaymentNotFound } from '#domain/payment/errors.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { PaymentRepository, RefundRepository } from '../ports.ts'
import { requestRefund } from '../request-refund.ts'

const deps = { payments: PaymentRepository, refunds: RefundRepository }

/** One act, one refund: asking again with its action id answers with the refund that it made. */
export const refundPayment = answer(Payments.RefundPayment, deps, async ({ data, tx, ids }, { payments, refunds }) => {
  const { paymentId, actionId, reason, money } = data
  const payment = await payments.load(paymentId)
  // Read after its payment: a repeat that has just been committed shows here, or moves the payment's version.
  const known = await refunds.ofAction(actionId)
  if (known) {
    known.confirm({ paymentId, money })
    return { refundId: known.id, status: known.state.status }
  }
  if (!payment) throw PaymentNotFound(paymentId)
  const refund = requestRefund(tx, payment, { id: ids.next('rfn'), actionId, reason, money }, { payments, refunds })
  return { refundId: refund.id, status: refund.state.status }
})
