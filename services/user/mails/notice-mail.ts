import type { UserId } from '#domain/kernel/ids.ts'
import type { MessageDefinition } from '#domain/kernel/message.ts'
import { UserNotFound } from '#domain/user/errors.ts'
import { answerWithCall } from '#bus/messaging/handlers.ts'
import { AccountMails, AccountQueries, Mailer } from '../ports.ts'

type Notice = MessageDefinition<{ userId: UserId }, { sent: boolean }>

/** Answers a message by telling the owner of an account something; a repeat is the same mail. */
export const answerWithNotice = (definition: Notice, kind: 'passwordNotice' | 'exportNotice' | 'payoutNotice') =>
  answerWithCall(
    definition,
    { accounts: AccountQueries, mails: AccountMails, mailer: Mailer },
    async ({ data: { userId }, messageId }, { accounts, mails, mailer }) => {
      const account = await accounts.find(userId)
      if (!account) throw UserNotFound(userId)
      await mailer.send(mails[kind](account.email, account.displayName, messageId))
      return { sent: true }
    },
    async ({ called }) => called,
  )
