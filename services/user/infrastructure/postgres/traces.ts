import { sql } from 'drizzle-orm'
import { PersonalData } from '#domain/kernel/personal-data.ts'
import { listsAsJson } from '#services/kit/postgres/lists-as-json.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import { z } from 'zod'
import type { Traces } from '../../ports.ts'
import {
  consents,
  credentials,
  dataExports,
  devMailbox,
  oneTimeTokens,
  refreshFamilies,
  userProfiles,
  users,
} from './schema.ts'

const value = sql.placeholder

const PersonalRows = z.tuple([
  z.object({ profiles: z.int(), credentials: z.int(), tokens: z.int(), mails: z.int(), exports: z.int() }),
])

/** Addresses that the account has, wants or had: tokens name them. */
const addresses = sql`(
  select email from ${users} where id = ${value('userId')} and email is not null
  union select pending_email from ${users} where id = ${value('userId')} and pending_email is not null
  union select email from ${oneTimeTokens} where user_id = ${value('userId')})`

const deleteProfile = prepareWrite('profile', sql`delete from ${userProfiles} where user_id = ${value('userId')}`)
const deleteCredentials = prepareWrite(
  'credentials',
  sql`delete from ${credentials} where user_id = ${value('userId')}`,
)
const deleteTokens = prepareWrite('tokens', sql`delete from ${oneTimeTokens} where user_id = ${value('userId')}`)
const deleteExports = prepareWrite('data exports', sql`delete from ${dataExports} where user_id = ${value('userId')}`)
const deleteMails = prepareWrite('mails', sql`delete from ${devMailbox} where ${devMailbox.to} in ${addresses}`)

const theirs = sql`${value('userId')}`

const everything = listsAsJson({
  accounts: sql`select id, status, email, roles, email_verified_at, pending_email, registered_at
    from ${users} where id = ${theirs}`,
  profiles: sql`select * from ${userProfiles} where user_id = ${theirs}`,
  consents: sql`select * from ${consents} where user_id = ${theirs} order by purpose, revision`,
  sessions: sql`select id, status, started_at, expires_at, revoked_at, revocation_reason
    from ${refreshFamilies} where user_id = ${theirs} order by started_at`,
})

export const createPostgresTraces = ({ drizzle: db }: Database): Traces => {
  const copy = db.select({ data: everything }).from(sql`(select 1) as one`).prepare('copy_of_person')
  const count = db
    .select({
      profiles: sql<number>`(select count(*)::int from ${userProfiles} where user_id = ${value('userId')})`,
      credentials: sql<number>`(select count(*)::int from ${credentials} where user_id = ${value('userId')})`,
      tokens: sql<number>`(select count(*)::int from ${oneTimeTokens} where user_id = ${value('userId')})`,
      exports: sql<number>`(select count(*)::int from ${dataExports} where user_id = ${value('userId')})`,
      mails: sql<number>`(select count(*)::int from ${devMailbox} where "to" in ${addresses})`,
    })
    .from(sql`(select 1) as one`)
    .prepare('personal_rows')
  return {
    read: async (userId) => PersonalData.parse((await copy.execute({ userId }))[0]?.data),
    count: async ({ id: userId }) => PersonalRows.parse(await count.execute({ userId }))[0],
    erase: (tx, userId, rows) => {
      const unit = postgresOf(tx)
      unit.write(deleteProfile, { userId }, rows.profiles)
      unit.write(deleteCredentials, { userId }, rows.credentials)
      unit.write(deleteTokens, { userId }, rows.tokens)
      unit.write(deleteExports, { userId }, rows.exports)
      unit.write(deleteMails, { userId }, rows.mails)
    },
  }
}
