import { UserNotFound } from '#domain/user/errors.ts'
import { answerWithCall } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { AccountMails, AccountQueries, Mailer } from '../ports.ts'

export const sendExportNotice = answerWithCall(
  Users.SendExportNotice,
  { accounts: AccountQueries, mails: AccountMails, mailer: Mailer },
  async ({ data: { userId }, messageId }, { accounts, mails, mailer }) => {
    const account = await accounts.find(userId)
    if (!account) throw UserNotFound(userId)
    await mailer.send(mails.exportNotice(account.email, account.displayName, messageId))
    return { sent: true }
  },
  async ({ called }) => called,
)
