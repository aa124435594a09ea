import { Instant } from '#domain/kernel/clock.ts'
import { SessionId, UserId } from '#domain/kernel/ids.ts'
import { ConsentWord } from '#domain/user/consent.ts'
import { ProfileFields } from '#domain/user/profile.ts'
import { EmailAddress, Role, UserStatus } from '#domain/user/values.ts'
import { z } from 'zod'

const { displayName, locale, timezone } = ProfileFields.shape

/** An account as its owner and the staff see it. */
export const Account = z.object({
  userId: UserId,
  email: EmailAddress,
  emailVerified: z.boolean(),
  pendingEmail: EmailAddress.nullable().describe('The address that the owner wants instead and has not proven yet.'),
  status: UserStatus.exclude(['ERASED']),
  roles: z.array(Role).max(Role.options.length),
  displayName,
  locale,
  timezone,
  registeredAt: Instant,
  /** Grows with every change of the account or of its profile. */
  version: z.int().positive(),
})
export type Account = z.infer<typeof Account>

/** A profile as its owner sees it. */
export const OwnProfile = z.object({ userId: UserId, ...ProfileFields.shape, version: z.int().positive() })
export type OwnProfile = z.infer<typeof OwnProfile>

/** One login that still lives. */
export const OpenSession = z.object({
  sessionId: SessionId,
  startedAt: Instant,
  expiresAt: Instant,
  current: z.boolean().describe('True for the session of this very request.'),
})
export type OpenSession = z.infer<typeof OpenSession>

/** The last word about a purpose. */
export const ConsentView = ConsentWord.omit({ userId: true })

/** What a login and a refresh hand out. */
export const TokenPair = z.object({
  accessToken: z.string().max(4096),
  tokenType: z.literal('Bearer'),
  expiresIn: z.int().positive().describe('Seconds for which the access token is good.'),
  refreshToken: z.string().max(200).describe('Good once: each refresh hands out the next one.'),
})
export type TokenPair = z.infer<typeof TokenPair>
