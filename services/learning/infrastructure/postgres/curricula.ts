import { eq, sql } from 'drizzle-orm'
import { Curriculum, type CurriculumState } from '#domain/learning/curriculum.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { CurriculumRepository } from '../../ports.ts'
import { curricula } from './schema.ts'

const value = (name: string) => sql.placeholder(name)

const insert = prepareWrite(
  'insert a curriculum',
  sql`
  insert into ${curricula} (course_id, sections, published_sections, published_revision, version)
  values (${value('courseId')}, ${value('sections')}::text::jsonb, ${value('publishedSections')}::text::jsonb,
    ${value('publishedRevision')}, 1)`,
)

const update = prepareWrite(
  'update a curriculum',
  sql`
  update ${curricula}
  set sections = ${value('sections')}::text::jsonb, published_sections = ${value('publishedSections')}::text::jsonb,
    published_revision = ${value('publishedRevision')}, version = version + 1
  where course_id = ${value('courseId')} and version = ${value('version')}`,
)

const valuesOf = ({ id, sections, published }: CurriculumState) => ({
  courseId: id,
  sections: JSON.stringify(sections),
  publishedSections: published && JSON.stringify(published.sections),
  publishedRevision: published?.revision,
})

export const createPostgresCurricula = ({ drizzle: db }: Database): CurriculumRepository => {
  const row = db
    .select({
      sections: curricula.sections,
      publishedSections: curricula.publishedSections,
      publishedRevision: curricula.publishedRevision,
      isPublished: sql<boolean>`${curricula.sections} is not distinct from ${curricula.publishedSections}`,
      version: curricula.version,
    })
    .from(curricula)
    .where(eq(curricula.courseId, sql.placeholder('courseId')))
    .prepare('load_curriculum')

  return {
    load: async (courseId) => {
      const [found] = await row.execute({ courseId })
      if (!found) return undefined
      const { sections, publishedSections, publishedRevision: revision, isPublished, version } = found
      // One value where they are equal: that is how a curriculum tells that there is nothing new to publish.
      const published = publishedSections &&
        revision !== null && { revision, sections: isPublished ? sections : publishedSections }
      return Curriculum.restore({ id: courseId, sections, published: published || null }, version)
    },
    save: (tx, curriculum) => {
      const { version } = curriculum
      const values = valuesOf(curriculum.state)
      if (version === 0) postgresOf(tx).write(insert, values)
      else postgresOf(tx).write(update, { ...values, version })
    },
  }
}
