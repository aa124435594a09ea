import type { Payment } from '#domain/payment/payment.ts'
import { Refund, type RefundRequest } from '#domain/payment/refund.ts'
import { Payments } from '#bus/patterns/payment.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type { PaymentRepository, RefundRepository } from './ports.ts'

/** Registers a refund, the money set aside for it, and its way to the provider. */
export const requestRefund = (
  tx: UnitOfWork,
  payment: Payment,
  request: RefundRequest,
  { payments, refunds }: { payments: PaymentRepository; refunds: RefundRepository },
): Refund => {
  const refund = Refund.request(payment, request, tx.now)
  payments.save(tx, payment)
  refunds.save(tx, refund)
  tx.send(Payments.CreateRefund, { refundId: refund.id }, { key: payment.id, idempotencyKey: refund.id })
  return refund
}
