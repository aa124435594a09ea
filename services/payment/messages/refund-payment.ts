import { PaymentDisputed, PaymentNotFound } from '#domain/payment/errors.ts'
import type { RefundReason } from '#domain/payment/values.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { PaymentRepository, RefundRepository } from '../ports.ts'
import { requestRefund } from '../request-refund.ts'

const deps = { payments: PaymentRepository, refunds: RefundRepository }

/**
 * Whoever left a course in time was told so, and nobody waits for an answer here: while the bank has the money, the
 * message fails until it is a dead letter, which a person sends again once the bank has decided.
 */
const postponed = (error: unknown, { reason, paymentId }: { reason: RefundReason; paymentId: string }): unknown =>
  reason === 'enrollment_cancelled' && PaymentDisputed.is(error)
    ? new Error(`${paymentId} goes back once its dispute is closed.`, { cause: error })
    : error

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
  const request = { id: ids.next('rfn'), actionId, reason, money }
  try {
    const refund = requestRefund(tx, payment, request, { payments, refunds })
    return { refundId: refund.id, status: refund.state.status }
  } catch (error) {
    throw postponed(error, data)
  }
})
