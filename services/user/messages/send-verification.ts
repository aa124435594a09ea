import { UserNotFound } from '#domain/user/errors.ts'
import { Users } from '#bus/patterns/user.ts'
import { answerWithTokenMail } from '../mails/token-mail.ts'

export const sendVerification = answerWithTokenMail(
  Users.SendVerification,
  'verify_email',
  ({ userId, account, token, mails }) => {
    if (!account) throw UserNotFound(userId)
    const { email, displayName } = account
    return account.emailVerified ? undefined : { email, mails: [mails.verification(email, displayName, token)] }
  },
)
