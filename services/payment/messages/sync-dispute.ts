import { Payments } from '#bus/patterns/payment.ts'
import { answerWithCall } from '#bus/messaging/handlers.ts'
import { applyDispute } from '../apply-dispute.ts'
import { DisputeRepository, Ledger, PaymentRepository, Provider } from '../ports.ts'

const deps = { payments: PaymentRepository, disputes: DisputeRepository, ledger: Ledger, provider: Provider }

export const syncDispute = answerWithCall(
  Payments.SyncDispute,
  deps,
  ({ data: { disputeId } }, { provider }) => provider.findDispute(disputeId),
  async ({ data: { disputeId }, called, tx }, books) => {
    if (!called) return { status: null }
    // Read after its payment: a dispute that has just been committed shows here, or moves the payment's version.
    const payment = await books.payments.load(called.paymentId)
    const known = await books.disputes.load(disputeId)
    if (!payment) throw new Error(`${disputeId} is about ${called.paymentId}, which is not known here.`)
    return { status: applyDispute(tx, { known, payment }, called, books).state.status }
  },
)
