import { PayoutAccount } from '#domain/payment/payout-account.ts'
import { ProviderAccountId } from '#domain/payment/values.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { signedIn } from '../access.ts'
import { PayoutAccounts } from '../ports.ts'
import { PayoutAccountView } from '../views.ts'

export const SetPayoutAccount = command('payment.set_payout_account', {
  input: z.strictObject({ accountId: ProviderAccountId }),
  output: PayoutAccountView,
  scope: 'earnings:write',
})

export const setPayoutAccount = handler(
  SetPayoutAccount,
  { accounts: PayoutAccounts },
  async ({ input: { accountId }, actor, tx, now }, { accounts }) => {
    const { userId } = signedIn(actor)
    const account = (await accounts.load(userId)) ?? PayoutAccount.register(userId, accountId, now)
    account.replace(accountId)
    accounts.save(tx, account)
    return { accountId, nextPayoutAt: account.state.nextPayoutAt }
  },
)

export const setPayoutAccountRoute = route(SetPayoutAccount, {
  method: 'put',
  path: '/v1/tutors/me/payout-account',
  tag: 'Earnings',
  summary: 'Say where your earnings are paid to',
  description:
    "An account at the payment provider that is connected to the platform's. Payouts that are under way go to the one they were made for.",
})
