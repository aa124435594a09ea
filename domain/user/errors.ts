import { domainError } from '../kernel/errors.ts'
import type { ErasureId, ExportId, SessionId, UserId } from '../kernel/ids.ts'

/** Said of an erased user as well: to others there has never been one. */
export const UserNotFound = domainError(
  'USER_NOT_FOUND',
  'not_found',
  (userId: UserId) => `There is no user ${userId}.`,
)

export const EmailUnknown = domainError('EMAIL_UNKNOWN', 'not_found', () => 'Nobody has this e-mail address.')

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

export const TooManyLogins = domainError(
  'TOO_MANY_LOGINS',
  'rate_limited',
  (_retryAfterSeconds: number) => 'Too many tries to log in to this account. Wait, then repeat.',
  (retryAfterSeconds) => ({ retryAfterSeconds }),
)

export const TooManyResets = domainError(
  'TOO_MANY_RESETS',
  'rate_limited',
  (_retryAfterSeconds: number) =>
    'Too many mails were asked for to reset the password of this account. Wait, then repeat.',
  (retryAfterSeconds) => ({ retryAfterSeconds }),
)

/** Of somebody who is signed in and has to say it again. */
export const PasswordWrong = domainError(
  'PASSWORD_WRONG',
  'unprocessable',
  () => 'The password is wrong.',
  () => ({ fields: [{ pointer: '/password', detail: 'This is not the password of the account.' }] }),
)

export const SessionEnded = domainError(
  'SESSION_ENDED',
  'unauthenticated',
  () => 'The session has ended; log in again.',
)

export const ExportNotFound = domainError(
  'EXPORT_NOT_FOUND',
  'not_found',
  (exportId: ExportId) => `There is no export ${exportId}.`,
)

export const ExportRunning = domainError(
  'EXPORT_RUNNING',
  'conflict',
  (exportId: ExportId) => `${exportId} is still being made.`,
)

export const ErasureNotFound = domainError(
  'ERASURE_NOT_FOUND',
  'not_found',
  (erasureId: ErasureId) => `There is no erasure ${erasureId}.`,
)

export const SessionNotFound = domainError(
  'SESSION_NOT_FOUND',
  'not_found',
  (sessionId: SessionId) => `There is no session ${sessionId}.`,
)

export const SlugTaken = domainError(
  'SLUG_TAKEN',
  'conflict',
  (slug: string) => `Somebody else has the slug "${slug}".`,
)

export const TokenGone = domainError(
  'TOKEN_GONE',
  'gone',
  () => 'This token is wrong, used or expired; ask for a new one.',
)

export const PasswordRejected = domainError(
  'PASSWORD_REJECTED',
  'unprocessable',
  (detail: string) => detail,
  (detail) => ({ fields: [{ pointer: '/password', detail }] }),
)

export const ConsentNotWithdrawable = domainError(
  'CONSENT_NOT_WITHDRAWABLE',
  'unprocessable',
  (purpose: string) => `An account needs the consent to ${purpose}; delete the account to withdraw it.`,
  () => ({ fields: [{ pointer: '/given', detail: 'This consent ends with the account.' }] }),
)
