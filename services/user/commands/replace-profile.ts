import { VersionMismatch } from '#bus/cqrs/errors.ts'
import { SlugTaken, UserNotFound } from '#domain/user/errors.ts'
import { ProfileFields } from '#domain/user/profile.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { ProfileRepository } from '../ports.ts'
import { signedIn } from '../signed-in.ts'
import { OwnProfile } from '../views.ts'

export const ReplaceProfile = command('user.replace_profile', {
  input: z.strictObject({ ...ProfileFields.shape, expectedVersion: z.int().positive() }),
  output: OwnProfile,
  errors: [UserNotFound, SlugTaken],
  scope: 'profile:write',
})

export const replaceProfile = handler(
  ReplaceProfile,
  { profiles: ProfileRepository },
  async ({ input: { expectedVersion, ...fields }, actor, tx, now }, { profiles }) => {
    const { userId } = signedIn(actor)
    const profile = await profiles.load(userId)
    if (!profile) throw UserNotFound(userId)
    if (profile.version !== expectedVersion) throw VersionMismatch(profile.version)
    if (fields.slug !== null && !(await profiles.isSlugFree(fields.slug, userId))) throw SlugTaken(fields.slug)
    profile.update(fields, now)
    if (profile.events.length === 0) return { userId, ...fields, version: profile.version }
    profiles.save(tx, profile)
    return { userId, ...fields, version: profile.version + 1 }
  },
)

export const replaceProfileRoute = route(ReplaceProfile, {
  method: 'put',
  path: '/v1/users/me/profile',
  operationId: 'replaceMyProfile',
  tag: 'Profiles',
  summary: 'Replace my profile',
  examples: {
    input: {
      displayName: 'Ada Lovelace',
      bio: 'Writes programs for machines that do not exist yet.',
      locale: 'en-GB',
      timezone: 'Europe/London',
      slug: 'ada-lovelace',
    },
  },
})
