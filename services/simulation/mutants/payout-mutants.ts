import { heldSince, payoutOf } from '#domain/payment/earnings.ts'
import { payoutScheduled } from '#domain/payment/ledger.ts'
import { Payout } from '#domain/payment/payout.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { EarningsQueries, Ledger, PayoutAccounts, Payouts } from '#services/payment/ports.ts'
import type { Mutation } from '../world/mutation.ts'
import { withResponder } from './behaviour-mutants.ts'

interface Kept {
  /** What payers may still have back. */
  readonly holds: boolean
  /** The version of the account, by which two looks at once meet. */
  readonly moves: boolean
}

const deps = { accounts: PayoutAccounts, payouts: Payouts, earnings: EarningsQueries, ledger: Ledger }

const payingOut = ({ holds, moves }: Kept): Mutation =>
  withResponder(
    'payment',
    answer(Payments.SchedulePayouts, deps, async ({ data: { tutorId }, tx, ids, now }, repositories) => {
      const { accounts, payouts, earnings, ledger } = repositories
      const account = await accounts.load(tutorId)
      if (!account || account.state.nextPayoutAt > now) return { payouts: 0 }
      const earned = await earnings.of(tutorId, holds ? heldSince(now) : now)
      const due = earned.flatMap((each) => payoutOf(each, false) ?? [])
      for (const money of due) {
        const { accountId } = account.state
        const payout = Payout.schedule({ id: ids.next('pyt'), tutorId, accountId, money, scheduledAt: now })
        const { id: payoutId } = payout
        payouts.save(tx, payout)
        ledger.append(tx, payoutScheduled(payout.state, now))
        tx.send(Payments.SendPayout, { payoutId }, { key: payoutId, idempotencyKey: payoutId })
      }
      if (moves) {
        account.visited(due.length > 0, now)
        accounts.save(tx, account)
      }
      return { payouts: due.length }
    }),
  )

/** Tutors are paid what its payers still get back. */
export const heldEarningsPaidOut = payingOut({ holds: false, moves: true })

/** Two who look at the same earnings pay both. */
export const paidOutTwiceAtOnce = payingOut({ holds: true, moves: false })

/** A payout that is sent again is a second one. */
export const forgetfulTransfers: Mutation = {
  provider: (provider) => ({
    ...provider,
    sendPayout: (request) => {
      provider.forgetKeys()
      return provider.sendPayout(request)
    },
  }),
}
