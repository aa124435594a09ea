import { heldSince, isSettledUp, payoutOf } from '#domain/payment/earnings.ts'
import { payoutScheduled } from '#domain/payment/ledger.ts'
import { Payout } from '#domain/payment/payout.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { EarningsQueries, Ledger, PayoutAccounts, Payouts } from '../ports.ts'

const deps = { accounts: PayoutAccounts, payouts: Payouts, earnings: EarningsQueries, ledger: Ledger }

/**
 * One payout in each currency in which enough is available. The account is read before the earnings and moves with
 * every payout, so that earnings that somebody else has just paid out are a conflict.
 */
export const schedulePayouts = answer(
  Payments.SchedulePayouts,
  deps,
  async ({ data: { tutorId }, tx, ids, now }, { accounts, payouts, earnings, ledger }) => {
    const account = await accounts.load(tutorId)
    if (!account || account.state.nextPayoutAt > now) return { payouts: 0 }
    const { accountId, leaving } = account.state
    const earned = await earnings.of(tutorId, heldSince(now))
    if (leaving && earned.every(isSettledUp)) {
      accounts.remove(tx, account)
      return { payouts: 0 }
    }
    const due = earned.flatMap((each) => payoutOf(each, leaving) ?? [])
    for (const money of due) {
      const payout = Payout.schedule({ id: ids.next('pyt'), tutorId, accountId, money, scheduledAt: now })
      const { id: payoutId } = payout
      payouts.save(tx, payout)
      ledger.append(tx, payoutScheduled(payout.state, now))
      tx.send(Payments.SendPayout, { payoutId }, { key: payoutId, idempotencyKey: payoutId })
    }
    account.visited(due.length > 0, now)
    accounts.save(tx, account)
    return { payouts: due.length }
  },
)
