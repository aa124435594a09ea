import { UserNotFound } from '#domain/user/errors.ts'
import { OneTimeToken } from '#domain/user/one-time-token.ts'
import { answerWithCall } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { AccountQueries, MailedTokens, Mailer, OneTimeTokenRepository, AccountMails } from '../ports.ts'

/**
 * Mails a token that is derived from the message, so that a repeat sends the same one; its hash is stored afterwards.
 * A mail that arrives before its hash is stored belongs to a message that is about to come again.
 */
export const sendVerification = answerWithCall(
  Users.SendVerification,
  {
    accounts: AccountQueries,
    mailedTokens: MailedTokens,
    mails: AccountMails,
    mailer: Mailer,
    tokens: OneTimeTokenRepository,
  },
  async ({ data: { userId }, messageId }, { accounts, mailedTokens, mails, mailer }) => {
    const account = await accounts.find(userId)
    if (!account) throw UserNotFound(userId)
    if (account.emailVerified) return undefined
    const token = mailedTokens.derive(messageId)
    await mailer.send(mails.verification(account.email, account.displayName, token))
    return { email: account.email, token }
  },
  async ({ data: { userId }, called, tx, now }, { tokens }) => {
    if (!called) return { sent: false }
    const { email, token } = called
    tokens.create(
      tx,
      OneTimeToken.issue({ id: token.id, userId, purpose: 'verify_email', email, tokenHash: token.hash }, now),
    )
    return { sent: true }
  },
)
