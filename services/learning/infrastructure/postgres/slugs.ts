import { sql } from 'drizzle-orm'
import type { Database } from '#bus/postgres/database.ts'
import type { SlugRegistry } from '../../ports.ts'
import { courseSlugs } from './schema.ts'

export const createPostgresSlugs = ({ drizzle: db }: Database): SlugRegistry => {
  const rows = db
    .select({ slug: courseSlugs.slug })
    .from(courseSlugs)
    .where(sql`${courseSlugs.slug} = any(${sql.placeholder('slugs')}::text[])`)
    .prepare('taken_slugs')
  return { taken: async (slugs) => new Set((await rows.execute({ slugs })).map(({ slug }) => slug)) }
}
