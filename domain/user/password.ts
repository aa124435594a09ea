import { PasswordRejected } from './errors.ts'
import type { EmailAddress } from './values.ts'

export const PASSWORD_LENGTH = { min: 8, max: 128 } as const

/** Length is what makes a password strong; the upper bound caps the work of hashing it. */
export const requireGoodPassword = (password: string, email: EmailAddress): void => {
  if (password.length < PASSWORD_LENGTH.min) throw PasswordRejected(`Use at least ${PASSWORD_LENGTH.min} characters.`)
  if (password.length > PASSWORD_LENGTH.max) throw PasswordRejected(`Use at most ${PASSWORD_LENGTH.max} characters.`)
  if (password.toLowerCase() === email) throw PasswordRejected('The password must differ from the e-mail address.')
}
