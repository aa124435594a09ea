import { createPasswords } from '#services/kit/auth/passwords.ts'
import { bind, bindValue } from '#services/kit/module.ts'
import { Clock, Database, Redis } from '#services/kit/ports.ts'
import type { UserConfig } from './config.ts'
import { createLocalIdentities } from './identity/local.ts'
import { createCognitoIdentities } from './infrastructure/cognito/identities.ts'
import { openUserPool } from './infrastructure/cognito/user-pool.ts'
import { createPostgresAccountQueries } from './infrastructure/postgres/account-queries.ts'
import { postgresAuditLog } from './infrastructure/postgres/audit-log.ts'
import { createPostgresConsents } from './infrastructure/postgres/consents.ts'
import { createPostgresCredentials } from './infrastructure/postgres/credentials.ts'
import { createPostgresErasures } from './infrastructure/postgres/erasures.ts'
import { createPostgresExpiredRows } from './infrastructure/postgres/expired-rows.ts'
import { createMailboxMailer, createPostgresMailbox } from './infrastructure/postgres/mailbox.ts'
import { createPostgresOneTimeTokens } from './infrastructure/postgres/one-time-tokens.ts'
import { createPostgresExports } from './infrastructure/postgres/exports.ts'
import { createPostgresProfileQueries } from './infrastructure/postgres/profile-queries.ts'
import { createPostgresProfiles } from './infrastructure/postgres/profiles.ts'
import {
  createPostgresSessionQueries,
  createPostgresUnmarkedSessions,
} from './infrastructure/postgres/session-queries.ts'
import { createPostgresSessions } from './infrastructure/postgres/sessions.ts'
import { createPostgresTraces } from './infrastructure/postgres/traces.ts'
import { createPostgresUsers } from './infrastructure/postgres/users.ts'
import { createRedisLoginThrottle, createRedisResetThrottle } from './infrastructure/redis/account-throttles.ts'
import { createCachedProfiles } from './infrastructure/redis/public-profiles.ts'
import { createRedisSessionMarks } from './infrastructure/redis/session-marks.ts'
import { createSmtpMailer } from './infrastructure/smtp/mailer.ts'
import * as ports from './ports.ts'
import { createAccessTokens } from './sessions/access-tokens.ts'
import { createAccountMails } from './mails/account-mails.ts'
import { createMailedTokens } from './mails/mailed-tokens.ts'
import { createRefreshTokens } from './sessions/refresh-tokens.ts'

const database = { database: Database }

const stores = [
  bind(ports.UserRepository, database, (d) => createPostgresUsers(d.database)),
  bind(ports.ProfileRepository, database, (d) => createPostgresProfiles(d.database)),
  bind(ports.CredentialRepository, database, (d) => createPostgresCredentials(d.database)),
  bind(ports.SessionRepository, database, (d) => createPostgresSessions(d.database)),
  bind(ports.OneTimeTokenRepository, database, (d) => createPostgresOneTimeTokens(d.database)),
  bind(ports.AccountQueries, database, (d) => createPostgresAccountQueries(d.database)),
  bind(ports.ProfileQueries, database, (d) => createPostgresProfileQueries(d.database)),
  bind(ports.SessionQueries, database, (d) => createPostgresSessionQueries(d.database)),
  bind(ports.UnmarkedSessions, database, (d) => createPostgresUnmarkedSessions(d.database)),
  bind(ports.ConsentRepository, database, (d) => createPostgresConsents(d.database)),
  bind(ports.ErasureRepository, database, (d) => createPostgresErasures(d.database)),
  bind(ports.ExportRepository, database, (d) => createPostgresExports(d.database)),
  bind(ports.Traces, database, (d) => createPostgresTraces(d.database)),
  bind(ports.ExpiredRows, database, (d) => createPostgresExpiredRows(d.database)),
  bind(ports.Mailbox, database, (d) => createPostgresMailbox(d.database)),
  bindValue(ports.AuditLog, postgresAuditLog),
  bind(ports.PublicProfiles, { profiles: ports.ProfileQueries, redis: Redis }, ({ profiles, redis }) =>
    createCachedProfiles(profiles, redis),
  ),
  bind(ports.SessionMarks, { redis: Redis }, ({ redis }) => createRedisSessionMarks(redis)),
]

export const userModule = ({ jwt, tokenSecret, mail: { smtpUrl, from, pages }, userPool }: UserConfig) => [
  ...stores,
  userPool === undefined
    ? bind(ports.IdentityProvider, { credentials: ports.CredentialRepository }, ({ credentials }) =>
        createLocalIdentities(credentials, createPasswords()),
      )
    : bind(ports.IdentityProvider, { users: ports.UserRepository }, ({ users }) =>
        createCognitoIdentities(openUserPool(userPool), users),
      ),
  bindValue(ports.AccessTokens, createAccessTokens(jwt)),
  bindValue(ports.RefreshTokens, createRefreshTokens(tokenSecret)),
  bindValue(ports.MailedTokens, createMailedTokens(tokenSecret)),
  bindValue(ports.AccountMails, createAccountMails(pages)),
  bind(ports.LoginThrottle, { redis: Redis, clock: Clock }, ({ redis, clock }) =>
    createRedisLoginThrottle(redis, clock, tokenSecret),
  ),
  bind(ports.ResetThrottle, { redis: Redis, clock: Clock }, ({ redis, clock }) =>
    createRedisResetThrottle(redis, clock, tokenSecret),
  ),
  smtpUrl === undefined
    ? bind(ports.Mailer, { database: Database, clock: Clock }, (d) => createMailboxMailer(d.database, d.clock))
    : bindValue(ports.Mailer, createSmtpMailer(smtpUrl, from)),
]
