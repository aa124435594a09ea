import { VersionMismatch } from '#bus/cqrs/errors.ts'
import { UserNotFound } from '#domain/user/errors.ts'
import { ProfileFields } from '#domain/user/profile.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { AccountQueries, ProfileRepository } from '../ports.ts'
import { signedIn } from '../signed-in.ts'
import { Account } from '../views.ts'

export const UpdateMe = command('user.update_me', {
  input: z.strictObject({
    ...ProfileFields.pick({ displayName: true, locale: true, timezone: true }).partial().shape,
    expectedVersion: z.int().positive(),
  }),
  output: Account,
  errors: [UserNotFound],
  scope: 'profile:write',
})

export const updateMe = handler(
  UpdateMe,
  { accounts: AccountQueries, profiles: ProfileRepository },
  async ({ input: { expectedVersion, ...patch }, actor, tx, now }, { accounts, profiles }) => {
    const { userId } = signedIn(actor)
    // In this order: a profile that changes between the two reads is no longer the one that is saved.
    const profile = await profiles.load(userId)
    const account = await accounts.find(userId)
    if (!account || !profile) throw UserNotFound(userId)
    if (account.version !== expectedVersion) throw VersionMismatch(account.version)
    profile.update(patch, now)
    if (profile.events.length === 0) return account
    profiles.save(tx, profile)
    const { displayName, locale, timezone } = profile.state
    return { ...account, displayName, locale, timezone, version: account.version + 1 }
  },
)

export const updateMeRoute = route(UpdateMe, {
  method: 'patch',
  path: '/v1/users/me',
  tag: 'Users',
  summary: 'Change my account',
})
