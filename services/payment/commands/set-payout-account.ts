import { PayoutAccount } from '#domain/payment/payout-account.ts'
import { ProviderAccountId } from '#domain/payment/values.ts'
import { requireFreshLogin } from '#bus/cqrs/actor.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { LoginTooOld } from '#bus/cqrs/errors.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { Users } from '#bus/patterns/user.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { signedIn } from '../access.ts'
import { PayoutAccounts } from '../ports.ts'
import { PayoutAccountView } from '../views.ts'

export const SetPayoutAccount = command('payment.set_payout_account', {
  input: z.strictObject({ accountId: ProviderAccountId }),
  output: PayoutAccountView,
  errors: [LoginTooOld],
  scope: 'earnings:write',
})

export const setPayoutAccount = handler(
  SetPayoutAccount,
  { accounts: PayoutAccounts },
  async ({ input: { accountId }, actor, tx, ids, now }, { accounts }) => {
    const caller = signedIn(actor)
    requireFreshLogin(caller, now)
    const { userId } = caller
    const known = await accounts.load(userId)
    const account = known ?? PayoutAccount.register(userId, accountId, now)
    const isChanged = account.replace(accountId, now)
    if (known && !isChanged) return { accountId, nextPayoutAt: account.state.nextPayoutAt }
    accounts.save(tx, account)
    tx.send(Users.SendPayoutNotice, { userId }, { key: userId, idempotencyKey: ids.next('msg') })
    return { accountId, nextPayoutAt: account.state.nextPayoutAt }
  },
)

export const setPayoutAccountRoute = route(SetPayoutAccount, {
  method: 'put',
  path: '/v1/tutors/me/payout-account',
  tag: 'Earnings',
  summary: 'Say where your earnings are paid to',
  description:
    "An account at the payment provider that is connected to the platform's, within 15 minutes of a login. A mail tells " +
    'you of it, and nothing is paid to the account for a day. Payouts that are under way go to the one that they were ' +
    'made for.',
})
