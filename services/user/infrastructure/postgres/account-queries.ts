import { and, arrayContains, asc, eq, gt, ne, sql } from 'drizzle-orm'
import type { Database } from '#bus/postgres/database.ts'
import type { AccountQueries } from '../../ports.ts'
import { Account } from '../../views.ts'
import { userProfiles, users } from './schema.ts'

const columns = {
  userId: users.id,
  email: users.email,
  emailVerified: sql<boolean>`${users.emailVerifiedAt} is not null`,
  pendingEmail: users.pendingEmail,
  status: users.status,
  roles: users.roles,
  displayName: userProfiles.displayName,
  locale: userProfiles.locale,
  timezone: userProfiles.timezone,
  registeredAt: users.registeredAt,
  // Both only grow, so that the sum changes with either.
  version: sql<number>`${users.version} + ${userProfiles.version}`,
}

const profile = eq(userProfiles.userId, users.id)
const exists = ne(users.status, 'ERASED')

export const createPostgresAccountQueries = ({ drizzle: db }: Database): AccountQueries => {
  const find = db
    .select(columns)
    .from(users)
    .innerJoin(userProfiles, profile)
    .where(and(eq(users.id, sql.placeholder('userId')), exists))
    .prepare('account_by_id')

  return {
    find: async (userId) => (await find.execute({ userId })).map((row) => Account.parse(row))[0],
    list: async ({ role, after, limit }) => {
      const rows = await db
        .select(columns)
        .from(users)
        .innerJoin(userProfiles, profile)
        .where(
          and(
            exists,
            role === undefined ? undefined : arrayContains(users.roles, [role]),
            after === undefined ? undefined : gt(users.id, after),
          ),
        )
        .orderBy(asc(users.id))
        .limit(limit + 1)
      return rows.map((row) => Account.parse(row))
    },
  }
}
