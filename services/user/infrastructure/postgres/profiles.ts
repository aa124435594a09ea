import { eq, sql } from 'drizzle-orm'
import { Instant } from '#domain/kernel/clock.ts'
import { UserId } from '#domain/kernel/ids.ts'
import { ProfileFields, UserProfile } from '#domain/user/profile.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import { z } from 'zod'
import type { ProfileRepository } from '../../ports.ts'
import { userProfiles } from './schema.ts'

const StoredProfile = z.object({ id: UserId, ...ProfileFields.shape, updatedAt: Instant })

const value = sql.placeholder

const insert = prepareWrite(
  'user profile',
  sql`insert into ${userProfiles} (user_id, display_name, bio, locale, timezone, slug, updated_at, version)
    values (${value('id')}, ${value('displayName')}, ${value('bio')}, ${value('locale')}, ${value('timezone')},
      ${value('slug')}, ${value('updatedAt')}, 1)
    on conflict do nothing`,
)

const update = prepareWrite(
  'user profile',
  sql`update ${userProfiles} set display_name = ${value('displayName')}, bio = ${value('bio')},
      locale = ${value('locale')}, timezone = ${value('timezone')}, slug = ${value('slug')},
      updated_at = ${value('updatedAt')}, version = version + 1
    where user_id = ${value('id')} and version = ${value('version')}`,
)

export const createPostgresProfiles = ({ drizzle: db }: Database): ProfileRepository => {
  const byId = db
    .select({
      id: userProfiles.userId,
      displayName: userProfiles.displayName,
      bio: userProfiles.bio,
      locale: userProfiles.locale,
      timezone: userProfiles.timezone,
      slug: userProfiles.slug,
      updatedAt: userProfiles.updatedAt,
      version: userProfiles.version,
    })
    .from(userProfiles)
    .where(eq(userProfiles.userId, value('id')))
    .prepare('user_profile_by_id')
  const holder = db
    .select({ userId: userProfiles.userId })
    .from(userProfiles)
    .where(eq(userProfiles.slug, value('slug')))
    .prepare('user_profile_slug')

  return {
    load: async (id) => {
      const [row] = await byId.execute({ id })
      return row && UserProfile.restore(StoredProfile.parse(row), row.version)
    },
    isSlugFree: async (slug, userId) => (await holder.execute({ slug })).every((row) => row.userId === userId),
    create: (tx, profile) => {
      postgresOf(tx).write(insert, { ...profile.state })
      tx.raise(profile)
    },
    save: (tx, profile) => {
      postgresOf(tx).write(update, { ...profile.state, version: profile.version })
      tx.raise(profile)
    },
  }
}
