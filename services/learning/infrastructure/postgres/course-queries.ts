import { and, desc, eq, lt, or, type SQL, sql } from 'drizzle-orm'
import type { DraftDetails } from '#domain/learning/course-details.ts'
import type { Database } from '#bus/postgres/database.ts'
import type { CourseQueries } from '../../ports.ts'
import type { CourseResource } from '../../resources.ts'
import { found, newestFirst, searchValues } from './course-search.ts'
import { detailsOf } from './course-rows.ts'
import { courses, curricula, subjects } from './schema.ts'

const columns = {
  courseId: courses.id,
  tutorId: courses.tutorId,
  slug: courses.slug,
  status: courses.status,
  title: courses.title,
  summary: courses.summary,
  description: courses.description,
  subject: courses.subject,
  language: courses.language,
  level: courses.level,
  externalUrl: courses.externalUrl,
  createdAt: courses.createdAt,
  publishedAt: courses.publishedAt,
  archivedAt: courses.archivedAt,
  version: courses.version,
}

/** No more than strangers see, so that nothing is read or cut away for nothing. */
const publicColumns = {
  courseId: courses.id,
  slug: courses.slug,
  title: courses.title,
  summary: courses.summary,
  description: courses.description,
  subject: courses.subject,
  language: courses.language,
  level: courses.level,
  externalUrl: courses.externalUrl,
  // Never null where the status is PUBLISHED: a constraint of the table.
  publishedAt: sql<string>`${courses.publishedAt}`,
}

const value = (name: string) => sql.placeholder(name)

/** Anybody's when no viewer is given. */
const seen = sql`(${value('viewer')}::text is null or ${courses.tutorId} = ${value('viewer')})`

/** Rows before an id, which is the newest first: ids grow with time. */
const beforeId = or(sql`${value('after')}::text is null`, lt(courses.id, value('after')))

const ofStatus = sql`(${value('status')}::text is null or ${courses.status} = ${value('status')})`
const inLanguage = sql`(${value('language')}::text is null or ${courses.language} = ${value('language')}
  or starts_with(${courses.language}, ${value('language')} || '-'))`

const subjectAndBelow = sql`(
  with recursive below as (
    select slug from ${subjects} where slug = ${value('subject')}
    union select child.slug from ${subjects} child join below on child.parent = below.slug)
  select slug from below)`

type Row = Omit<CourseResource, keyof DraftDetails | 'publishedAt' | 'archivedAt'> &
  Parameters<typeof detailsOf>[0] & { readonly publishedAt: string | null; readonly archivedAt: string | null }

const resourceOf = (row: Row): CourseResource => {
  const { courseId, tutorId, slug, status, createdAt, publishedAt, archivedAt, version } = row
  return {
    ...detailsOf(row),
    courseId,
    tutorId,
    slug,
    status,
    createdAt,
    publishedAt: publishedAt ?? undefined,
    archivedAt: archivedAt ?? undefined,
    version,
  }
}

export const createPostgresCourseQueries = ({ drizzle: db }: Database): CourseQueries => {
  const one = db
    .select(columns)
    .from(courses)
    .where(and(eq(courses.id, value('id')), seen))
    .prepare('course_resource')
  const ofTutor = and(eq(courses.tutorId, value('tutorId')), beforeId)
  const list = (name: string, order: SQL, ...filters: SQL[]) =>
    db
      .select(columns)
      .from(courses)
      .where(and(...filters, ofStatus, inLanguage, beforeId))
      .orderBy(order)
      .limit(value('limit'))
      .prepare(name)
  const byTutor = eq(courses.tutorId, value('tutorId'))
  const byId = desc(courses.id)
  const lists = {
    all: list('courses_of_everybody', byId),
    own: list('courses_of_tutor', byId, byTutor),
    allFound: list('courses_of_everybody_found', newestFirst, found),
    ownFound: list('courses_of_tutor_found', newestFirst, byTutor, found),
  }
  const published = db
    .select(publicColumns)
    .from(courses)
    .where(and(ofTutor, sql`${courses.status} = 'PUBLISHED'`))
    .orderBy(desc(courses.id))
    .limit(value('limit'))
    .prepare('published_courses_of_tutor')
  const ofSubject = db
    .select(columns)
    .from(courses)
    .where(and(sql`${courses.subject} in ${subjectAndBelow}`, sql`${courses.status} = 'PUBLISHED'`, beforeId))
    .orderBy(byId)
    .limit(value('limit'))
    .prepare('published_courses_of_subject')
  const curriculum = db
    .select({
      courseId: curricula.courseId,
      sections: curricula.sections,
      publishedRevision: curricula.publishedRevision,
      version: curricula.version,
    })
    .from(curricula)
    .innerJoin(courses, eq(courses.id, curricula.courseId))
    .where(and(eq(curricula.courseId, value('id')), seen))
    .prepare('curriculum_resource')

  return {
    course: async (id, viewer) => (await one.execute({ id, viewer: viewer ?? null })).map(resourceOf)[0],
    list: async ({ tutorId, q, status, language }, { after, limit }) => {
      const bounds = { after: after ?? null, status: status ?? null, language: language ?? null, limit }
      const rows =
        q === undefined
          ? await (tutorId ? lists.own.execute({ ...bounds, tutorId }) : lists.all.execute(bounds))
          : await (tutorId
              ? lists.ownFound.execute({ ...bounds, ...searchValues(q, language), tutorId })
              : lists.allFound.execute({ ...bounds, ...searchValues(q, language) }))
      return rows.map(resourceOf)
    },
    publishedOfTutor: async (tutorId, { after, limit }) =>
      (await published.execute({ tutorId, after: after ?? null, limit })).map((row) => ({
        ...detailsOf(row),
        courseId: row.courseId,
        slug: row.slug,
        publishedAt: row.publishedAt,
      })),
    publishedOfSubject: async (subject, { after, limit }) =>
      (await ofSubject.execute({ subject, after: after ?? null, limit })).map(resourceOf),
    curriculum: async (id, viewer) => {
      const [row] = await curriculum.execute({ id, viewer: viewer ?? null })
      return row && { ...row, sections: [...row.sections], publishedRevision: row.publishedRevision ?? undefined }
    },
  }
}
