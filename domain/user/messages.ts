import { z } from 'zod'
import { ErasedCounts } from '../kernel/personal-data.ts'
import { ErasureId, ExportId, SessionId, UserId } from '../kernel/ids.ts'
import { message } from '../kernel/message.ts'
import {
  AccountSuspended,
  EmailUnknown,
  ErasureNotFound,
  ExportNotFound,
  InvalidCredentials,
  TooManyLogins,
  UserNotFound,
} from './errors.ts'
import { PublicProfile } from './profile.ts'
import { EmailAddress, Locale, Role, TimeZone, UserStatus } from './values.ts'

const byUserId = z.object({ userId: UserId })

/** What other services may know of an account: no personal data. */
export const PublicUser = z.object({
  userId: UserId,
  status: UserStatus,
  roles: z.array(Role),
  emailVerified: z.boolean(),
})
export type PublicUser = z.infer<typeof PublicUser>

export const GetUserById = message('user.get_by_id', {
  input: byUserId,
  output: PublicUser,
  errors: [UserNotFound],
  idempotent: true,
})

/** Whose address it is. An address is personal data: it stays out of queues. */
export const GetUserByEmail = message('user.get_by_email', {
  input: z.object({ email: EmailAddress }),
  output: z.object({ userId: UserId }),
  errors: [EmailUnknown],
  idempotent: true,
  sensitive: true,
})

export const CheckUserExists = message('user.check_exists', {
  input: z.object({ email: EmailAddress }),
  output: z.object({ exists: z.boolean() }),
  idempotent: true,
  sensitive: true,
})

/** Whether this is the password of the account; each try counts as one to log in. */
export const VerifyCredentials = message('user.verify_credentials', {
  input: z.object({ email: EmailAddress, password: z.string().min(1).max(1024) }),
  output: z.object({ userId: UserId }),
  errors: [InvalidCredentials, AccountSuspended, TooManyLogins],
  idempotent: true,
  sensitive: true,
})

/** The verdict behind an access token; an unknown session is not active. */
export const CheckSession = message('user.check_session', {
  input: z.object({ sid: SessionId }),
  output: z.object({ active: z.boolean() }),
  idempotent: true,
})

/** Personal data: it stays out of queues. */
export const GetUserContact = message('user.get_contact', {
  input: byUserId,
  output: z.object({
    email: EmailAddress,
    name: z.string(),
    locale: Locale,
    timezone: TimeZone,
    channels: z.array(z.enum(['email'])),
  }),
  errors: [UserNotFound],
  idempotent: true,
  sensitive: true,
})

/** Profiles of the users that exist, in no particular order. */
export const GetPublicProfiles = message('user.get_public_profiles', {
  input: z.object({ userIds: z.array(UserId).min(1).max(100) }),
  output: z.object({ profiles: z.array(PublicProfile) }),
  idempotent: true,
})

/** Mails a token for a new password; `sent` is false where there is no such account, or it is suspended. */
export const SendPasswordReset = message('user.send_password_reset', {
  input: byUserId,
  output: z.object({ sent: z.boolean() }),
  deadlineMs: 15_000,
  audience: 'self',
})

/** Mails a token to the address that somebody wants, and tells the one that they have; neither once that is settled. */
export const SendEmailChange = message('user.send_email_change', {
  input: byUserId,
  output: z.object({ sent: z.boolean() }),
  errors: [UserNotFound],
  deadlineMs: 15_000,
  audience: 'self',
})

/** Tells the owner of an account that its password was reset. */
export const SendPasswordNotice = message('user.send_password_notice', {
  input: byUserId,
  output: z.object({ sent: z.boolean() }),
  errors: [UserNotFound],
  deadlineMs: 15_000,
  audience: 'self',
})

/** Tells a tutor that the account of the provider that their earnings are paid to was named, or changed. */
export const SendPayoutNotice = message('user.send_payout_notice', {
  input: byUserId,
  output: z.object({ sent: z.boolean() }),
  errors: [UserNotFound],
  deadlineMs: 15_000,
})

/** Mails a new verification token; `sent` is false where the address is verified already. */
export const SendVerification = message('user.send_verification', {
  input: byUserId,
  output: z.object({ sent: z.boolean() }),
  errors: [UserNotFound],
  deadlineMs: 15_000,
  audience: 'self',
})

/** Writes down what a service has erased; the last of them closes the erasure. */
export const AcknowledgeErasure = message('user.acknowledge_erasure', {
  input: z.object({
    requestId: ErasureId,
    service: z.string().max(50),
    counts: ErasedCounts,
    last: z.boolean(),
  }),
  output: z.object({ status: z.enum(['RUNNING', 'CLOSED']) }),
  errors: [ErasureNotFound],
  audience: 'self',
})

/** Erases an account whose address nobody has verified; `erased` is false where somebody has, or it is gone. */
export const AbandonUser = message('user.abandon', {
  input: byUserId,
  output: z.object({ erased: z.boolean() }),
  audience: 'self',
})

/** Asks every service what it knows of a person, and keeps the copy. */
export const BuildExport = message('user.build_export', {
  input: z.object({ exportId: ExportId }),
  output: z.object({ status: z.literal('READY') }),
  errors: [ExportNotFound],
  deadlineMs: 60_000,
  audience: 'self',
})

/** Tells the owner of an account that the copy of their data is ready. */
export const SendExportNotice = message('user.send_export_notice', {
  input: byUserId,
  output: z.object({ sent: z.boolean() }),
  errors: [UserNotFound],
  deadlineMs: 15_000,
  audience: 'self',
})
