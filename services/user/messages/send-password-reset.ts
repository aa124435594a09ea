import { Users } from '#bus/patterns/user.ts'
import { answerWithTokenMail } from '../mails/token-mail.ts'

/** An account that is not there, or may not be used, is told nothing. */
export const sendPasswordReset = answerWithTokenMail(
  Users.SendPasswordReset,
  'reset_password',
  ({ account, token, mails }) => {
    if (account?.status !== 'ACTIVE') return undefined
    const { email, displayName } = account
    return { email, mails: [mails.passwordReset(email, displayName, token)] }
  },
)
