import { domainError } from '../kernel/errors.ts'
import type { UserId } from '../kernel/ids.ts'

/** Said of an erased user as well: to others there has never been one. */
export const UserNotFound = domainError(
  'USER_NOT_FOUND',
  'not_found',
  (userId: UserId) => `There is no user ${userId}.`,
)

export const EmailTaken = domainError(
  'EMAIL_TAKEN',
  'conflict',
  () => 'An account with this e-mail address already exists.',
)

export const EmailNotVerified = domainError(
  'EMAIL_NOT_VERIFIED',
  'unprocessable',
  (userId: UserId) => `The e-mail address of ${userId} must be verified first.`,
)

export const RolesByAdminsOnly = domainError('ROLES_BY_ADMINS_ONLY', 'forbidden', () => 'Only an admin changes roles.')

export const LastAdmin = domainError(
  'LAST_ADMIN',
  'conflict',
  () => 'This is the last active admin; grant the role to someone else first.',
)

export const AccountSuspended = domainError('ACCOUNT_SUSPENDED', 'locked', () => 'This account is suspended.')

/** One answer for an unknown e-mail address, a wrong password and an erased account. */
export const InvalidCredentials = domainError(
  'INVALID_CREDENTIALS',
  'unauthenticated',
  () => 'The e-mail address or the password is wrong.',
)

export const SessionEnded = domainError(
  'SESSION_ENDED',
  'unauthenticated',
  () => 'The session has ended; log in again.',
)

export const TokenGone = domainError(
  'TOKEN_GONE',
  'gone',
  () => 'This link is wrong, used or expired; ask for a new one.',
)

export const PasswordRejected = domainError(
  'PASSWORD_REJECTED',
  'unprocessable',
  (detail: string) => detail,
  (detail) => ({ fields: [{ pointer: '/password', detail }] }),
)
