import { TOKEN_HOURS } from '#domain/user/one-time-token.ts'
import type { AccountMails, MailedToken } from '../ports.ts'

/** The pages that take `?token=`; without one the mail shows the token itself. */
export interface MailPages {
  readonly verification?: string | undefined
  readonly passwordReset?: string | undefined
}

const duration = (hours: number): string => (hours === 1 ? 'one hour' : `${hours} hours`)

export const createAccountMails = ({ verification, passwordReset }: MailPages): AccountMails => {
  const instruction = (pageUrl: string | undefined, purpose: string, { text }: MailedToken): string => {
    if (pageUrl === undefined) return `Your token to ${purpose}:\n\n${text}`
    const url = new URL(pageUrl)
    url.searchParams.set('token', text)
    return `Open this page to ${purpose}:\n\n${url.href}`
  }
  const letter = (name: string, ...paragraphs: readonly string[]): string =>
    `${[`Hello ${name},`, ...paragraphs].join('\n\n')}\n`

  return {
    verification: (to, name, token) => ({
      id: token.id,
      to,
      subject: 'Verify your e-mail address',
      text: letter(
        name,
        instruction(verification, 'verify your e-mail address', token),
        `It is good once, for ${duration(TOKEN_HOURS.verify_email)}. If you did not register, ignore this mail.`,
      ),
    }),
    passwordReset: (to, name, token) => ({
      id: token.id,
      to,
      subject: 'Reset your password',
      text: letter(
        name,
        instruction(passwordReset, 'set a new password', token),
        `It is good once, for ${duration(TOKEN_HOURS.reset_password)}. If you did not ask for it, ignore this mail: your password stays as it is.`,
      ),
    }),
    passwordNotice: (to, name, id) => ({
      id,
      to,
      subject: 'Your password was changed',
      text: letter(
        name,
        'The password of your account was reset by mail, and all sessions have ended.',
        'If this was not you, reset it again at once and look at who reads your mail.',
      ),
    }),
    exportNotice: (to, name, id) => ({
      id,
      to,
      subject: 'The copy of your data is ready',
      text: letter(
        name,
        'The copy of all that we know of you is ready. You find it in your account for seven days.',
        'If you did not ask for it, change your password now: somebody else is in your account.',
      ),
    }),
    payoutNotice: (to, name, id) => ({
      id,
      to,
      subject: 'Where your earnings are paid to was changed',
      text: letter(
        name,
        'Your earnings are paid to the account that was named just now. Nothing is paid to it within the next day.',
        'If this was not you, reset your password now, which ends all sessions, and name your own account again.',
      ),
    }),
    emailChange: (to, name, token) => ({
      id: token.id,
      to,
      subject: 'Verify your new e-mail address',
      text: letter(
        name,
        instruction(verification, 'use this address for your account', token),
        `It is good once, for ${duration(TOKEN_HOURS.verify_email)}. Until then your old address stays. If this account is not yours, ignore this mail.`,
      ),
    }),
    emailChangeNotice: (to, name, token) => ({
      id: `${token.id}.notice`,
      to,
      subject: 'Your e-mail address is to be changed',
      text: letter(
        name,
        'Somebody who knows your password wants another e-mail address for your account, and has to prove it first.',
        'If this was not you, reset your password now: that ends all sessions and takes the wish back.',
      ),
    }),
  }
}
