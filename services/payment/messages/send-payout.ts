import { PayoutNotFound } from '#domain/payment/errors.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { answerWithCall } from '#bus/messaging/handlers.ts'
import { applyPayout } from '../apply-payout.ts'
import { Ledger, Payouts, Provider } from '../ports.ts'

const deps = { payouts: Payouts, ledger: Ledger, provider: Provider }

export const sendPayout = answerWithCall(
  Payments.SendPayout,
  deps,
  async ({ data: { payoutId } }, { payouts, provider }) => {
    const payout = await payouts.load(payoutId)
    if (!payout) throw PayoutNotFound(payoutId)
    const { status, accountId, money, scheduledAt } = payout.state
    return status === 'SCHEDULED' ? provider.sendPayout({ payoutId, accountId, money, scheduledAt }) : undefined
  },
  async ({ data: { payoutId }, called, tx }, books) => {
    const payout = await books.payouts.load(payoutId)
    if (!payout) throw PayoutNotFound(payoutId)
    if (called) applyPayout(tx, payout, called, books)
    return { status: payout.state.status }
  },
)
