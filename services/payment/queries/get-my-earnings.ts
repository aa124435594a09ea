import { availableOf, heldSince } from '#domain/payment/earnings.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { Clock } from '#services/kit/ports.ts'
import { signedIn } from '../access.ts'
import { EarningsQueries, PayoutAccounts } from '../ports.ts'
import { EarningsView, PayoutAccountView } from '../views.ts'

export const GetMyEarnings = query('payment.get_my_earnings', {
  input: z.strictObject({}),
  output: z.object({
    earnings: z.array(EarningsView).max(20).describe('One for each currency.'),
    payoutAccount: PayoutAccountView.optional().describe('Where it is paid to; without one it waits.'),
  }),
  scope: 'earnings:read',
})

export const getMyEarnings = queryHandler(
  GetMyEarnings,
  { queries: EarningsQueries, accounts: PayoutAccounts, clock: Clock },
  async ({ actor }, { queries, accounts, clock }) => {
    const { userId } = signedIn(actor)
    const [earned, account] = await Promise.all([queries.of(userId, heldSince(clock.now())), accounts.load(userId)])
    const earnings = earned.map((each) => ({ ...each, available: availableOf(each) }))
    const payoutAccount = account && { accountId: account.state.accountId, nextPayoutAt: account.state.nextPayoutAt }
    return { earnings, payoutAccount }
  },
)

export const getMyEarningsRoute = route(GetMyEarnings, {
  method: 'get',
  path: '/v1/tutors/me/earnings',
  tag: 'Earnings',
  summary: 'Read what you have earned',
  description:
    'Your share of what learners paid for your courses, less tax. It is on hold for as long as they may have it back, 14 days, and is paid out every week.',
})
