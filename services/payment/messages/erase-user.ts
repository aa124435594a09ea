import { answer } from '#bus/messaging/handlers.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { cancelledBy } from '#domain/payment/intent.ts'
import { sendCancelIntent } from '../apply-intent.ts'
import { PaymentRepository, PayoutAccounts, ProviderEvents } from '../ports.ts'

const deps = { payments: PaymentRepository, events: ProviderEvents, accounts: PayoutAccounts }

/**
 * What is not paid is cancelled, and the provider's notices, which may name the payer, lose their bodies. Amounts stay in
 * the books, as the law wants it, under an id that names nobody any more. A tutor is paid what they earned first, and
 * the account that it goes to is forgotten then.
 */
export const eraseUser = answer(
  Payments.EraseUser,
  deps,
  async ({ data: { userId }, tx, messageId }, { payments, events, accounts }) => {
    const open = await payments.openOf(userId)
    for (const payment of open) {
      if (payment.requestCancel(cancelledBy('payer'))) payments.save(tx, payment)
      if (payment.mustCancelIntent) sendCancelIntent(tx, payment, messageId)
    }
    const account = await accounts.load(userId)
    if (account) {
      account.leave(tx.now)
      accounts.save(tx, account)
    }
    const notices = await events.countOf(userId)
    events.blank(tx, userId, notices)
    return { counts: { openPayments: open.length, notices, payoutAccounts: account ? 1 : 0 } }
  },
)
