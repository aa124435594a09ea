import { and, desc, eq, sql } from 'drizzle-orm'
import { Consent, ConsentWord } from '#domain/user/consent.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { ConsentRepository } from '../../ports.ts'
import { consents } from './schema.ts'

const value = sql.placeholder

const insert = prepareWrite(
  'consent',
  sql`insert into ${consents} (user_id, purpose, revision, given, document_version, recorded_at)
    values (${value('userId')}, ${value('purpose')}, ${value('revision')}, ${value('given')}, ${value('documentVersion')},
      ${value('recordedAt')})`,
)

export const createPostgresConsents = ({ drizzle: db }: Database): ConsentRepository => {
  const last = db
    .select()
    .from(consents)
    .where(and(eq(consents.userId, value('userId')), eq(consents.purpose, value('purpose'))))
    .orderBy(desc(consents.revision))
    .limit(1)
    .prepare('consent_to_purpose')
  const all = db
    .selectDistinctOn([consents.purpose])
    .from(consents)
    .where(eq(consents.userId, value('userId')))
    .orderBy(consents.purpose, desc(consents.revision))
    .prepare('consents_of_user')

  return {
    load: async (userId, purpose) => {
      const [row] = await last.execute({ userId, purpose })
      return row && Consent.restore(ConsentWord.parse(row), row.revision)
    },
    ofUser: async (userId) => (await all.execute({ userId })).map((row) => ConsentWord.parse(row)),
    save: (tx, { state, version }) => postgresOf(tx).write(insert, { ...state, revision: version + 1 }),
  }
}
