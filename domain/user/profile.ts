import { z } from 'zod'
import { AggregateRoot } from '../kernel/aggregate-root.ts'
import type { Instant } from '../kernel/clock.ts'
import { UserId } from '../kernel/ids.ts'
import { type ProfileField, UserProfileUpdated } from './events.ts'
import { Locale, Slug, TimeZone } from './values.ts'

/** What a user says about themselves. The slug addresses a public page, where there is one. */
export const ProfileFields = z.strictObject({
  displayName: z.string().trim().min(1).max(80),
  bio: z.string().max(2000),
  locale: Locale,
  timezone: TimeZone,
  slug: Slug.nullable(),
})
export type ProfileFields = z.infer<typeof ProfileFields>

/** The fields that strangers may see. */
export const PublicProfile = z.object({
  userId: UserId,
  displayName: ProfileFields.shape.displayName,
  bio: ProfileFields.shape.bio,
  slug: ProfileFields.shape.slug,
})
export type PublicProfile = z.infer<typeof PublicProfile>

export interface UserProfileState extends Readonly<ProfileFields> {
  /** The user's id: there is one profile for each. */
  readonly id: UserId
  readonly updatedAt: Instant
}

export class UserProfile extends AggregateRoot<UserProfileState> {
  static restore(state: UserProfileState, version: number): UserProfile {
    return new UserProfile(state, version)
  }

  /** Names are all a new profile needs; the rest has a plain start. */
  static create(
    userId: UserId,
    given: Pick<ProfileFields, 'displayName' | 'locale' | 'timezone'>,
    at: Instant,
  ): UserProfile {
    const fields = ProfileFields.parse({ bio: '', slug: null, ...given })
    const profile = new UserProfile({ id: userId, ...fields, updatedAt: at }, 0)
    profile.#tell(ProfileFields.keyof().options)
    return profile
  }

  /** Replaces the given fields; the same values again change nothing and tell nobody. */
  update(patch: Partial<ProfileFields>, at: Instant): void {
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
    const fields = ProfileFields.strip().parse({ ...this.current, ...given })
    const changed = ProfileFields.keyof().options.filter((field) => fields[field] !== this.current[field])
    if (changed.length === 0) return
    this.become({ ...this.current, ...fields, updatedAt: at })
    this.#tell(changed)
  }

  /** Lists each public field by name, so that a new private one cannot slip out. */
  get public(): PublicProfile {
    const { id, displayName, bio, slug } = this.current
    return { userId: id, displayName, bio, slug }
  }

  #tell(changed: ProfileField[]): void {
    this.apply(UserProfileUpdated, { userId: this.id, profileVersion: this.version + 1, changed })
  }
}
