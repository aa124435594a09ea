import { TOKEN_HOURS } from '#domain/user/one-time-token.ts'
import type { VerificationMails } from '../ports.ts'

/** @param pageUrl the page that takes `?token=`; without one the mail shows the token itself */
export const createVerificationMails = (pageUrl: string | undefined): VerificationMails => {
  const instruction = (token: string): string => {
    if (pageUrl === undefined) return `Your verification token:\n\n${token}`
    const url = new URL(pageUrl)
    url.searchParams.set('token', token)
    return `Open this page to verify your e-mail address:\n\n${url.href}`
  }
  return {
    compose: (to, name, { id, text }) => ({
      id,
      to,
      subject: 'Verify your e-mail address',
      text: `Hello ${name},\n\n${instruction(text)}\n\nIt is good once, for ${TOKEN_HOURS} hours. If you did not register, ignore this mail.\n`,
    }),
  }
}
