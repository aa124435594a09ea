import { PayoutNotFound } from '#domain/payment/errors.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { answerWithCall } from '#bus/messaging/handlers.ts'
import { applyPayout } from '../apply-payout.ts'
import { Ledger, Payouts, Provider } from '../ports.ts'

const deps = { payouts: Payouts, ledger: Ledger, provider: Provider }

export const syncPayout = answerWithCall(
  Payments.SyncPayout,
  deps,
  ({ data: { payoutId } }, { provider }) => provider.findPayout(payoutId),
  async ({ data: { payoutId }, called, tx }, books) => {
    const payout = await books.payouts.load(payoutId)
    if (!payout) throw PayoutNotFound(payoutId)
    if (called) applyPayout(tx, payout, called, books)
    return { status: payout.state.status }
  },
)
