import { and, eq, ne, sql } from 'drizzle-orm'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { CredentialRepository } from '../../ports.ts'
import { credentials, users } from './schema.ts'
import { toUser, userColumns } from './users.ts'

const value = sql.placeholder

const put = prepareWrite(
  'credentials',
  sql`insert into ${credentials} (user_id, password_hash, changed_at)
    values (${value('userId')}, ${value('passwordHash')}, ${value('now')})
    on conflict (user_id) do update
      set password_hash = excluded.password_hash, changed_at = excluded.changed_at`,
)

export const createPostgresCredentials = ({ drizzle: db }: Database): CredentialRepository => {
  const byEmail = db
    .select({ ...userColumns, passwordHash: credentials.passwordHash })
    .from(users)
    .innerJoin(credentials, eq(credentials.userId, users.id))
    .where(and(eq(users.email, value('email')), ne(users.status, 'ERASED')))
    .prepare('credentials_by_email')

  return {
    byEmail: async (email) => {
      const [row] = await byEmail.execute({ email })
      return row && { user: toUser(row), passwordHash: row.passwordHash }
    },
    put: (tx, userId, passwordHash) => postgresOf(tx).write(put, { userId, passwordHash, now: tx.now }),
  }
}
