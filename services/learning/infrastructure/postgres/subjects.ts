import { asc, sql } from 'drizzle-orm'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { SubjectRegistry } from '../../ports.ts'
import { subjects } from './schema.ts'

const insert = prepareWrite(
  'add subjects',
  sql`
  insert into ${subjects} (slug, name, parent)
  select slug, name, parent
  from json_to_recordset(${sql.placeholder('rows')}::text::json) as row(slug text, name text, parent text)
  on conflict (slug) do nothing`,
)

/** Subjects are never removed, so what was found once is not asked for again. */
export const createPostgresSubjects = ({ drizzle: db }: Database): SubjectRegistry => {
  const columns = { slug: subjects.slug, name: subjects.name, parent: subjects.parent }
  const every = db.select(columns).from(subjects).orderBy(asc(subjects.slug)).prepare('all_subjects')
  const found = db
    .select({ slug: subjects.slug })
    .from(subjects)
    .where(sql`${subjects.slug} = any(${sql.placeholder('slugs')}::text[])`)
    .prepare('known_subjects')
  const known = new Set<string>()

  return {
    all: () => every.execute(),
    known: async (slugs) => {
      const unknown = slugs.filter((slug) => !known.has(slug))
      if (unknown.length > 0) for (const { slug } of await found.execute({ slugs: unknown })) known.add(slug)
      return new Set(slugs.filter((slug) => known.has(slug)))
    },
    add: (tx, added) => {
      if (added.length > 0) postgresOf(tx).write(insert, { rows: JSON.stringify(added) }, added.length)
    },
  }
}
