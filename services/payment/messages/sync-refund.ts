import { RefundNotFound } from '#domain/payment/errors.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { answerWithCall } from '#bus/messaging/handlers.ts'
import { applyRefund } from '../apply-refund.ts'
import { Ledger, PaymentRepository, Provider, RefundRepository } from '../ports.ts'

const deps = { payments: PaymentRepository, refunds: RefundRepository, ledger: Ledger, provider: Provider }

export const syncRefund = answerWithCall(
  Payments.SyncRefund,
  deps,
  async ({ data: { refundId } }, { refunds, provider }) => {
    const found = await refunds.load(refundId)
    if (!found) throw RefundNotFound(refundId)
    const { status, money, requestedAt } = found.refund.state
    const { intentId } = found.payment.captured
    const known = await provider.findRefund({ refundId, intentId })
    // Asking for it again comes second: a provider replays its first answer, which may be long out of date.
    return (
      known ?? (status === 'PENDING' ? provider.createRefund({ refundId, intentId, money, requestedAt }) : undefined)
    )
  },
  async ({ data: { refundId }, called, tx }, books) => {
    const found = await books.refunds.load(refundId)
    if (!found) throw RefundNotFound(refundId)
    if (called) applyRefund(tx, found, called, books)
    return { status: found.refund.state.status }
  },
)
