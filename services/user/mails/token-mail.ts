import type { UserId } from '#domain/kernel/ids.ts'
import type { MessageDefinition } from '#domain/kernel/message.ts'
import { OneTimeToken, type TokenPurpose } from '#domain/user/one-time-token.ts'
import type { EmailAddress } from '#domain/user/values.ts'
import { answerWithCall, type Responder } from '#bus/messaging/handlers.ts'
import {
  AccountMails,
  AccountQueries,
  type Mail,
  MailedTokens,
  type MailedToken,
  Mailer,
  OneTimeTokenRepository,
} from '../ports.ts'
import type { Account } from '../views.ts'

interface Letters {
  /** Where the token goes: redeeming it proves this address. */
  readonly email: EmailAddress
  readonly mails: readonly Mail[]
}

/** Undefined where there is nothing to send. `account` is undefined for an account that is not there. */
type Write = (of: {
  readonly userId: UserId
  readonly account: Account | undefined
  readonly token: MailedToken
  readonly mails: AccountMails
}) => Letters | undefined

/**
 * Mails a token that is derived from the message, so that a repeat sends the same one; its hash is stored afterwards.
 * A mail that arrives before its hash is stored belongs to a message that is about to come again.
 */
export const answerWithTokenMail = (
  definition: MessageDefinition<{ userId: UserId }, { sent: boolean }>,
  purpose: TokenPurpose,
  write: Write,
): Responder =>
  answerWithCall(
    definition,
    {
      accounts: AccountQueries,
      mailedTokens: MailedTokens,
      mails: AccountMails,
      mailer: Mailer,
      tokens: OneTimeTokenRepository,
    },
    async ({ data: { userId }, messageId }, { accounts, mailedTokens, mails, mailer }) => {
      const token = mailedTokens.derive(messageId)
      const letters = write({ userId, account: await accounts.find(userId), token, mails })
      for (const mail of letters?.mails ?? []) await mailer.send(mail)
      return letters && { email: letters.email, token }
    },
    async ({ data: { userId }, called, tx, now }, { tokens }) => {
      if (!called) return { sent: false }
      const { email, token } = called
      tokens.create(tx, OneTimeToken.issue({ id: token.id, userId, purpose, email, tokenHash: token.hash }, now))
      return { sent: true }
    },
  )
