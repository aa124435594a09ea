import { UserNotFound } from '#domain/user/errors.ts'
import { OneTimeToken } from '#domain/user/one-time-token.ts'
import { answerWithCall } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { AccountMails, AccountQueries, MailedTokens, Mailer, OneTimeTokenRepository } from '../ports.ts'

/** Mails first and stores the hash afterwards, as `sendVerification` does. */
export const sendEmailChange = answerWithCall(
  Users.SendEmailChange,
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
    const { email: current, pendingEmail: email, displayName } = account
    if (email === null) return undefined
    const token = mailedTokens.derive(messageId)
    await mailer.send(mails.emailChangeNotice(current, displayName, token))
    await mailer.send(mails.emailChange(email, displayName, token))
    return { email, token }
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
