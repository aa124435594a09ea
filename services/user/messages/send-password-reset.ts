import { OneTimeToken } from '#domain/user/one-time-token.ts'
import { answerWithCall } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { AccountMails, AccountQueries, MailedTokens, Mailer, OneTimeTokenRepository } from '../ports.ts'

/** Mails first and stores the hash afterwards, as `sendVerification` does. */
export const sendPasswordReset = answerWithCall(
  Users.SendPasswordReset,
  {
    accounts: AccountQueries,
    mailedTokens: MailedTokens,
    mails: AccountMails,
    mailer: Mailer,
    tokens: OneTimeTokenRepository,
  },
  async ({ data: { userId }, messageId }, { accounts, mailedTokens, mails, mailer }) => {
    const account = await accounts.find(userId)
    if (account?.status !== 'ACTIVE') return undefined
    const token = mailedTokens.derive(messageId)
    await mailer.send(mails.passwordReset(account.email, account.displayName, token))
    return { email: account.email, token }
  },
  async ({ data: { userId }, called, tx, now }, { tokens }) => {
    if (!called) return { sent: false }
    const { email, token } = called
    tokens.create(
      tx,
      OneTimeToken.issue({ id: token.id, userId, purpose: 'reset_password', email, tokenHash: token.hash }, now),
    )
    return { sent: true }
  },
)
