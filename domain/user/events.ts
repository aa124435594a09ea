import { z } from 'zod'
import { Instant } from '../kernel/clock.ts'
import { event } from '../kernel/event.ts'
import { ErasureId, UserId } from '../kernel/ids.ts'
import { Locale, Role, SuspensionReason, TimeZone, VerificationMethod } from './values.ts'

export const UserCreated = event('user.created', {
  version: 1,
  data: z.object({ userId: UserId, role: Role, locale: Locale, timezone: TimeZone }),
})

export const UserUpdated = event('user.updated', {
  version: 1,
  data: z.object({ userId: UserId, version: z.int().positive(), changed: z.array(z.enum(['email'])) }),
})

export const UserVerified = event('user.verified', {
  version: 1,
  data: z.object({ userId: UserId, method: VerificationMethod }),
})

export const UserDeleted = event('user.deleted', {
  version: 1,
  data: z.object({ userId: UserId, erasedAt: Instant }),
})

/** A person is to be forgotten by every service until then; the account itself is gone. */
export const ErasureRequested = event('user.erasure_requested', {
  version: 1,
  data: z.object({ userId: UserId, requestId: ErasureId, dueAt: Instant }),
})

export const ProfileField = z.enum(['displayName', 'bio', 'locale', 'timezone', 'slug'])
export type ProfileField = z.infer<typeof ProfileField>

/** Names what changed, never the values: readers ask `user.get_public_profiles`. */
export const UserProfileUpdated = event('user.profile_updated', {
  version: 1,
  data: z.object({ userId: UserId, profileVersion: z.int().positive(), changed: z.array(ProfileField) }),
})

export const UserRoleChanged = event('user.role_changed', {
  version: 1,
  data: z.object({ userId: UserId, added: z.array(Role), removed: z.array(Role), by: UserId }),
})

export const UserSuspended = event('user.suspended', {
  version: 1,
  data: z.object({ userId: UserId, reason: SuspensionReason }),
})
