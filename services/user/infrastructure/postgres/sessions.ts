import { and, eq, sql } from 'drizzle-orm'
import type { Session } from '#domain/user/session.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { SessionRepository } from '../../ports.ts'
import { refreshFamilies, users } from './schema.ts'
import { sessionColumns, toSession } from './session-rows.ts'

const value = sql.placeholder

const insert = prepareWrite(
  'session',
  sql`insert into ${refreshFamilies} (id, user_id, status, token_hash, started_at, expires_at, version)
    values (${value('id')}, ${value('userId')}, 'ACTIVE', ${value('tokenHash')}, ${value('startedAt')},
      ${value('expiresAt')}, 1)
    on conflict do nothing`,
)

/** The version is checked and stays: nothing of the account has changed. */
const countStarted = prepareWrite(
  'user of the session',
  sql`update ${users} set sessions_started = sessions_started + 1
    where id = ${value('id')} and version = ${value('version')}`,
)

const rotate = prepareWrite(
  'session',
  sql`update ${refreshFamilies} set token_hash = ${value('tokenHash')}, previous_hash = ${value('previousHash')},
      rotated_at = ${value('rotatedAt')}, version = version + 1
    where id = ${value('id')} and version = ${value('version')}`,
)

const revoke = prepareWrite(
  'sessions',
  sql`update ${refreshFamilies} as family set status = 'REVOKED', token_hash = null, previous_hash = null,
      rotated_at = null, revocation_reason = ${value('reason')}, revoked_at = ${value('revokedAt')},
      marked = ${value('marked')}, version = family.version + 1
    from unnest(${value('ids')}::text[], ${value('versions')}::int[]) as revoked(id, version)
    where family.id = revoked.id and family.version = revoked.version`,
)

const activeState = ({ state }: Session) => {
  if (state.status !== 'ACTIVE') throw new TypeError('A revoked session is saved by saveRevoked.')
  return state
}

export const createPostgresSessions = ({ drizzle: db }: Database): SessionRepository => {
  const byId = db
    .select(sessionColumns)
    .from(refreshFamilies)
    .where(eq(refreshFamilies.id, value('id')))
    .prepare('session_by_id')
  const ofUser = db
    .select({ started: users.sessionsStarted, session: sessionColumns })
    .from(users)
    .leftJoin(refreshFamilies, and(eq(refreshFamilies.userId, users.id), eq(refreshFamilies.status, 'ACTIVE')))
    .where(eq(users.id, value('userId')))
    .prepare('sessions_of_user')

  return {
    load: async (id) => (await byId.execute({ id })).map(toSession)[0],
    ofUser: async (userId) => {
      const rows = await ofUser.execute({ userId })
      const active = rows.flatMap(({ session }) => (session ? [toSession(session)] : []))
      return { active, started: rows[0]?.started ?? 0 }
    },
    create: (tx, session, user) => {
      const { id, userId, tokenHash, startedAt, expiresAt } = activeState(session)
      postgresOf(tx).write(insert, { id, userId, tokenHash, startedAt, expiresAt })
      postgresOf(tx).write(countStarted, { id: user.id, version: user.version })
    },
    saveRotated: (tx, session) => {
      const { id, tokenHash, previous } = activeState(session)
      const rotated = { previousHash: previous?.tokenHash ?? null, rotatedAt: previous?.rotatedAt ?? null }
      postgresOf(tx).write(rotate, { id, version: session.version, tokenHash, ...rotated })
    },
    saveRevoked: (tx, sessions, marked) => {
      const state = sessions[0]?.state
      if (state?.status !== 'REVOKED') return
      const ids = sessions.map(({ id }) => id)
      const versions = sessions.map(({ version }) => version)
      const { reason, revokedAt } = state
      postgresOf(tx).write(revoke, { ids, versions, reason, revokedAt, marked }, sessions.length)
    },
  }
}
