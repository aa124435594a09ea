import { eq, sql } from 'drizzle-orm'
import type { Database } from '#bus/postgres/database.ts'
import type { ContentQueries } from '../../enrollment-ports.ts'
import { courses, curricula } from './schema.ts'

export const createPostgresContent = ({ drizzle: db }: Database): ContentQueries => {
  const content = db
    .select({
      tutorId: courses.tutorId,
      status: courses.status,
      sections: curricula.sections,
      publishedSections: curricula.publishedSections,
      revision: curricula.publishedRevision,
    })
    .from(courses)
    .innerJoin(curricula, eq(curricula.courseId, courses.id))
    .where(eq(courses.id, sql.placeholder('courseId')))
    .prepare('course_content')

  return {
    content: async (courseId) => {
      const [row] = await content.execute({ courseId })
      if (!row) return undefined
      const { tutorId, status, sections, publishedSections, revision } = row
      return { tutorId, status, revision: revision ?? 0, sections: publishedSections ?? sections }
    },
  }
}
