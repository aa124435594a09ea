import { and, eq, ne, sql } from 'drizzle-orm'
import { PublicProfile } from '#domain/user/profile.ts'
import type { Database } from '#bus/postgres/database.ts'
import type { ProfileQueries } from '../../ports.ts'
import { OwnProfile } from '../../views.ts'
import { userProfiles, users } from './schema.ts'

const publicColumns = {
  userId: userProfiles.userId,
  displayName: userProfiles.displayName,
  bio: userProfiles.bio,
  slug: userProfiles.slug,
}

const ofExistingUser = and(eq(users.id, userProfiles.userId), ne(users.status, 'ERASED'))

export const createPostgresProfileQueries = ({ drizzle: db }: Database): ProfileQueries => {
  const own = db
    .select({
      ...publicColumns,
      locale: userProfiles.locale,
      timezone: userProfiles.timezone,
      version: userProfiles.version,
    })
    .from(userProfiles)
    .where(eq(userProfiles.userId, sql.placeholder('userId')))
    .prepare('own_profile')
  const ofMany = db
    .select(publicColumns)
    .from(userProfiles)
    .innerJoin(users, ofExistingUser)
    .where(sql`${userProfiles.userId} = any(${sql.placeholder('userIds')}::text[])`)
    .prepare('public_profiles')

  return {
    own: async (userId) => (await own.execute({ userId })).map((row) => OwnProfile.parse(row))[0],
    public: async (userIds) => (await ofMany.execute({ userIds: [...userIds] })).map((row) => PublicProfile.parse(row)),
  }
}
