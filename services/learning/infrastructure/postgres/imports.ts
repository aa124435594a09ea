import { sql } from 'drizzle-orm'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { ImportRegistry } from '../../ports.ts'
import { runValues } from './course-runs.ts'
import { courseValues } from './course-rows.ts'
import { courseRuns, courseSlugs, courses, curricula, importedCourses } from './schema.ts'

const rows = sql`${sql.placeholder('rows')}::text::json`

const insertCourses = prepareWrite(
  'insert imported courses',
  sql`
  insert into ${courses} (id, tutor_id, slug, status, title, summary, subject, language, external_url, created_at,
    updated_at, published_at, version)
  select id, "tutorId", slug, status, title, summary, subject, language, "externalUrl", "createdAt", "createdAt",
    "publishedAt", 1
  from json_to_recordset(${rows}) as row(id text, "tutorId" text, slug text, status text, title text, summary text,
    subject text, language text, "externalUrl" text, "createdAt" timestamptz, "publishedAt" timestamptz)`,
)

const claimSlugs = prepareWrite(
  'claim slugs',
  sql`
  insert into ${courseSlugs} (slug, course_id)
  select slug, id from json_to_recordset(${rows}) as row(slug text, id text)
  on conflict (slug) do nothing`,
)

const claimUrls = prepareWrite(
  'claim addresses',
  sql`
  insert into ${importedCourses} (url_key, course_id)
  select "urlKey", id from json_to_recordset(${rows}) as row("urlKey" text, id text)
  on conflict (url_key) do nothing`,
)

const insertCurricula = prepareWrite(
  'insert imported curricula',
  sql`
  insert into ${curricula} (course_id, sections, published_sections, published_revision, version)
  select id, sections, sections, revision, 1
  from json_to_recordset(${rows}) as row(id text, sections jsonb, revision int)`,
)

const insertRuns = prepareWrite(
  'insert imported runs',
  sql`
  insert into ${courseRuns} (id, course_id, status, price_amount, price_currency, capacity, starts_at, ends_at,
    enrollment_opens_at, enrollment_closes_at, pacing, version)
  select id, "courseId", status, "priceAmount", "priceCurrency", capacity, "startsAt", "endsAt", "enrollmentOpensAt",
    "enrollmentClosesAt", pacing, 1
  from json_to_recordset(${rows}) as row(id text, "courseId" text, status text, "priceAmount" int,
    "priceCurrency" text, capacity int, "startsAt" timestamptz, "endsAt" timestamptz,
    "enrollmentOpensAt" timestamptz, "enrollmentClosesAt" timestamptz, pacing text)`,
)

export const createPostgresImports = ({ drizzle: db }: Database): ImportRegistry => {
  const found = db
    .select({ urlKey: importedCourses.urlKey, courseId: importedCourses.courseId })
    .from(importedCourses)
    .where(sql`${importedCourses.urlKey} = any(${sql.placeholder('urlKeys')}::text[])`)
    .prepare('find_imported_courses')

  return {
    find: async (urlKeys) =>
      new Map((await found.execute({ urlKeys })).map(({ urlKey, courseId }) => [urlKey, courseId])),
    add: (tx, imported) => {
      if (imported.length === 0) return
      const unit = postgresOf(tx)
      const { length } = imported
      const names = imported.map(({ urlKey, course }) => ({ urlKey, id: course.id, slug: course.state.slug }))
      const outlines = imported.map(({ curriculum: { state } }) => ({
        id: state.id,
        sections: state.sections,
        revision: state.published?.revision,
      }))
      unit.write(insertCourses, { rows: JSON.stringify(imported.map(({ course }) => courseValues(course))) }, length)
      unit.write(claimSlugs, { rows: JSON.stringify(names) }, length)
      unit.write(claimUrls, { rows: JSON.stringify(names) }, length)
      unit.write(insertCurricula, { rows: JSON.stringify(outlines) }, length)
      unit.write(insertRuns, { rows: JSON.stringify(imported.map(({ run }) => runValues(run))) }, length)
      for (const { course, run } of imported) {
        unit.raise(course)
        unit.raise(run)
      }
    },
  }
}
