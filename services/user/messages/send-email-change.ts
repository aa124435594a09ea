import { UserNotFound } from '#domain/user/errors.ts'
import { Users } from '#bus/patterns/user.ts'
import { answerWithTokenMail } from '../mails/token-mail.ts'

export const sendEmailChange = answerWithTokenMail(
  Users.SendEmailChange,
  'verify_email',
  ({ userId, account, token, mails }) => {
    if (!account) throw UserNotFound(userId)
    const { email: current, pendingEmail: email, displayName } = account
    if (email === null) return undefined
    return {
      email,
      mails: [mails.emailChangeNotice(current, displayName, token), mails.emailChange(email, displayName, token)],
    }
  },
)
