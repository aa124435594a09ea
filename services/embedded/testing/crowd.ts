import { randomUUID } from 'node:crypto'
import { addMs, DAY } from '#domain/kernel/clock.ts'
import { SessionId, UserId } from '#domain/kernel/ids.ts'
import { createIssuer } from '#services/kit/auth/issuer.ts'
import { loadConfig } from '#services/kit/config.ts'
import { systemIds } from '#services/kit/ids.ts'
import { secretVariables } from '#services/kit/secrets.ts'
import { user } from '#services/user/service.ts'
import postgres from 'postgres'
import type { Person } from './people.ts'
import type { PlatformUnderTest } from './platform.ts'

/**
 * Many learners who are signed in. Their rows are written past the service, since each password and login would cost
 * its 50 ms of a core; they have no password.
 */
export const signedInCrowd = async (
  { clock, databaseUrl, issuer: issuerUrl, secrets }: PlatformUnderTest,
  size: number,
): Promise<Person[]> => {
  const issuer = await createIssuer({ ...loadConfig(user.config, secretVariables(secrets)).jwt, issuer: issuerUrl })
  const now = clock.now()
  const learners = Array.from({ length: size }, () => ({
    id: UserId.parse(systemIds.next('usr')),
    session: SessionId.parse(systemIds.next('ses')),
    email: `${randomUUID()}@example.org`,
  }))
  const sql = postgres(databaseUrl, { max: 1 })
  const rows = JSON.stringify(learners)
  await sql`
    insert into "user".users (id, status, email, roles, email_verified_at, registered_at, sessions_started, version)
    select id, 'ACTIVE', email, '{learner}', ${now}, ${now}, 1, 1
    from json_to_recordset(${rows}::text::json) as t(id text, email text)`
  await sql`
    insert into "user".refresh_families (id, user_id, status, token_hash, started_at, expires_at, version)
    select session, id, 'ACTIVE', session, ${now}, ${addMs(now, DAY)}, 1
    from json_to_recordset(${rows}::text::json) as t(id text, session text)`
  await sql.end()
  return Promise.all(
    learners.map(async ({ id: userId, session: sessionId, email }) => {
      const claims = { userId, sessionId, roles: ['learner'] as const, emailVerified: true, loggedInAt: now, now }
      const { token } = await issuer.issueAccessToken(claims)
      return { userId, email, password: '', token, refreshToken: '' }
    }),
  )
}
