import { and, eq, sql } from 'drizzle-orm'
import { Instant } from '#domain/kernel/clock.ts'
import { UserId } from '#domain/kernel/ids.ts'
import { OneTimeToken } from '#domain/user/one-time-token.ts'
import { EmailAddress } from '#domain/user/values.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import { z } from 'zod'
import type { OneTimeTokenRepository } from '../../ports.ts'
import { oneTimeTokens } from './schema.ts'

const facts = {
  id: z.templateLiteral(['ott_', z.string()]),
  userId: UserId,
  purpose: z.enum(['verify_email', 'reset_password']),
  email: EmailAddress,
  expiresAt: Instant,
}
const StoredToken = z.discriminatedUnion('status', [
  z.object({ ...facts, status: z.literal('OPEN'), tokenHash: z.string(), wrongTries: z.int() }),
  z.object({ ...facts, status: z.literal('USED'), usedAt: Instant }),
  z.object({ ...facts, status: z.literal('LOCKED'), lockedAt: Instant }),
])

const value = sql.placeholder

/** The id comes from the message, so that a repeat touches no row, and its inbox row says that it is one. */
const insert = prepareWrite(
  'one-time token',
  sql`insert into ${oneTimeTokens} (id, user_id, purpose, email, status, token_hash, expires_at, version)
    values (${value('id')}, ${value('userId')}, ${value('purpose')}, ${value('email')}, 'OPEN', ${value('tokenHash')},
      ${value('expiresAt')}, 1)
    on conflict do nothing`,
)

const update = prepareWrite(
  'one-time token',
  sql`update ${oneTimeTokens} set status = ${value('status')}, token_hash = ${value('tokenHash')},
      wrong_tries = coalesce(${value('wrongTries')}, wrong_tries), used_at = ${value('usedAt')},
      locked_at = ${value('lockedAt')}, version = version + 1
    where id = ${value('id')} and version = ${value('version')}`,
)

export const createPostgresOneTimeTokens = ({ drizzle: db }: Database): OneTimeTokenRepository => {
  const byId = db
    .select()
    .from(oneTimeTokens)
    .where(eq(oneTimeTokens.id, value('id')))
    .prepare('one_time_token_by_id')

  const openOfUser = db
    .select()
    .from(oneTimeTokens)
    .where(
      and(
        eq(oneTimeTokens.userId, value('userId')),
        eq(oneTimeTokens.purpose, value('purpose')),
        eq(oneTimeTokens.status, 'OPEN'),
      ),
    )
    .prepare('open_one_time_tokens')

  return {
    openOf: async (userId, purpose) =>
      (await openOfUser.execute({ userId, purpose })).map((row) =>
        OneTimeToken.restore(StoredToken.parse(row), row.version),
      ),
    load: async (id) => {
      const [row] = await byId.execute({ id })
      return row && OneTimeToken.restore(StoredToken.parse(row), row.version)
    },
    create: (tx, token) => postgresOf(tx).write(insert, { ...token.state }),
    save: (tx, token) => {
      const row = { tokenHash: null, wrongTries: null, usedAt: null, lockedAt: null, ...token.state }
      postgresOf(tx).write(update, { ...row, version: token.version })
    },
  }
}
