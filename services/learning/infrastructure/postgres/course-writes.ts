import { sql } from 'drizzle-orm'
import { prepareWrite } from '#bus/postgres/write.ts'
import { courseSlugs, courses } from './schema.ts'

const value = (name: string) => sql.placeholder(name)

export const insertCourse = prepareWrite(
  'insert a course',
  sql`
  insert into ${courses} (id, tutor_id, slug, status, title, summary, description, subject, language, level,
    external_url, created_at, updated_at, published_at, archived_at, version)
  values (${value('id')}, ${value('tutorId')}, ${value('slug')}, ${value('status')}, ${value('title')},
    ${value('summary')}, ${value('description')}, ${value('subject')}, ${value('language')}, ${value('level')},
    ${value('externalUrl')}, ${value('createdAt')}, ${value('now')}, ${value('publishedAt')}, ${value('archivedAt')}, 1)`,
)

export const updateCourse = prepareWrite(
  'update a course',
  sql`
  update ${courses}
  set slug = ${value('slug')}, status = ${value('status')}, title = ${value('title')}, summary = ${value('summary')},
    description = ${value('description')}, subject = ${value('subject')}, language = ${value('language')},
    level = ${value('level')}, external_url = ${value('externalUrl')}, updated_at = ${value('now')},
    published_at = ${value('publishedAt')}, archived_at = ${value('archivedAt')}, version = version + 1
  where id = ${value('id')} and version = ${value('version')}`,
)

/** A slug of another course touches no row, so the handler is run again and finds it taken. */
export const claimSlug = prepareWrite(
  'claim a slug',
  sql`
  insert into ${courseSlugs} (slug, course_id) values (${value('slug')}, ${value('id')})
  on conflict (slug) do update set course_id = excluded.course_id
  where course_slugs.course_id = excluded.course_id`,
)

/** Of a draft: nobody has seen it. */
export const freeSlug = prepareWrite(
  'free a slug',
  sql`delete from ${courseSlugs} where slug = ${value('slug')} and course_id = ${value('id')}`,
)
