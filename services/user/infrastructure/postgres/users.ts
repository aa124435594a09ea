import { and, eq, ne, sql } from 'drizzle-orm'
import { Instant } from '#domain/kernel/clock.ts'
import { UserId } from '#domain/kernel/ids.ts'
import { User, type UserState } from '#domain/user/user.ts'
import { EmailAddress, Role, SuspensionReason } from '#domain/user/values.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import { z } from 'zod'
import type { UserRepository } from '../../ports.ts'
import { adminRoster, users } from './schema.ts'

const account = {
  id: UserId,
  email: EmailAddress,
  roles: z.array(Role),
  emailVerifiedAt: Instant.nullable(),
  pendingEmail: EmailAddress.nullable(),
  registeredAt: Instant,
}
const StoredUser = z.discriminatedUnion('status', [
  z.object({ ...account, status: z.literal('ACTIVE') }),
  z.object({ ...account, status: z.literal('SUSPENDED'), reason: SuspensionReason, suspendedAt: Instant }),
  z.object({ id: UserId, status: z.literal('ERASED'), erasedAt: Instant }),
])

export const userColumns = {
  id: users.id,
  status: users.status,
  email: users.email,
  roles: users.roles,
  emailVerifiedAt: users.emailVerifiedAt,
  pendingEmail: users.pendingEmail,
  registeredAt: users.registeredAt,
  reason: users.suspensionReason,
  suspendedAt: users.suspendedAt,
  erasedAt: users.erasedAt,
  version: users.version,
}

export const toUser = (row: { readonly version: number }): User => User.restore(StoredUser.parse(row), row.version)

const value = sql.placeholder

const insert = prepareWrite(
  'user',
  sql`insert into ${users} (id, status, email, roles, email_verified_at, registered_at, version)
    values (${value('id')}, 'ACTIVE', ${value('email')}, ${value('roles')}::text[], ${value('emailVerifiedAt')},
      ${value('registeredAt')}, 1)
    on conflict (email) where status <> 'ERASED' do nothing`,
)

const update = prepareWrite(
  'user',
  sql`update ${users} set status = ${value('status')}, email = ${value('email')}, roles = ${value('roles')}::text[],
      email_verified_at = ${value('emailVerifiedAt')}, pending_email = ${value('pendingEmail')}, registered_at = ${value('registeredAt')},
      suspension_reason = ${value('reason')}, suspended_at = ${value('suspendedAt')}, erased_at = ${value('erasedAt')},
      version = version + 1
    where id = ${value('id')} and version = ${value('version')}
      and sessions_started = coalesce(${value('sessionsStarted')}::int, sessions_started)`,
)

const leave = prepareWrite(
  'admin roster',
  sql`update ${adminRoster} set revision = revision + 1 where revision = ${value('revision')}`,
)

/** Every column, null where the state has no such thing. */
const toRow = (state: UserState) => ({
  email: null,
  roles: [],
  emailVerifiedAt: null,
  pendingEmail: null,
  registeredAt: null,
  reason: null,
  suspendedAt: null,
  erasedAt: null,
  ...state,
})

export const createPostgresUsers = ({ drizzle: db }: Database): UserRepository => {
  const byId = db
    .select(userColumns)
    .from(users)
    .where(eq(users.id, value('id')))
    .prepare('user_by_id')
  const byEmail = db
    .select(userColumns)
    .from(users)
    .where(and(eq(users.email, value('email')), ne(users.status, 'ERASED')))
    .prepare('user_by_email')
  const others = db
    .select({
      revision: adminRoster.revision,
      count: sql<number>`(select count(*)::int from ${users}
        where ${users.id} <> ${value('id')} and ${users.status} = 'ACTIVE' and 'admin' = any(${users.roles}))`,
    })
    .from(adminRoster)
    .prepare('user_other_admins')

  return {
    load: async (id) => (await byId.execute({ id })).map(toUser)[0],
    byEmail: async (email) => (await byEmail.execute({ email })).map(toUser)[0],
    otherAdmins: async (id) => {
      const [roster] = await others.execute({ id })
      if (!roster) throw new Error('The roster of admins has no row. help: run the migrations.')
      return roster
    },
    create: (tx, user) => {
      postgresOf(tx).write(insert, toRow(user.state))
      tx.raise(user)
    },
    save: (tx, user, sessionsStarted) => {
      const { version } = user
      postgresOf(tx).write(update, { ...toRow(user.state), version, sessionsStarted: sessionsStarted ?? null })
      tx.raise(user)
    },
    leaveRoster: (tx, { revision }) => postgresOf(tx).write(leave, { revision }),
  }
}
