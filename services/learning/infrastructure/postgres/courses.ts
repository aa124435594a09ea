import { getTableColumns, sql } from 'drizzle-orm'
import type { Course } from '#domain/learning/course.ts'
import type { Slug } from '#domain/learning/slug.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import type { CourseRepository } from '../../ports.ts'
import { courseOf, courseValues } from './course-rows.ts'
import { claimSlug, freeSlug, insertCourse, updateCourse } from './course-writes.ts'
import { courseSlugs, courses } from './schema.ts'

const formerSlugs = sql<string[]>`array(
  select ${courseSlugs.slug} from ${courseSlugs}
  where ${courseSlugs.courseId} = ${courses.id} and ${courseSlugs.slug} <> ${courses.slug}
  order by ${courseSlugs.slug})`

/** A course and its slugs in one unit of work; the row of a slug stays when a public course leaves it. */
export const createPostgresCourses = ({ drizzle: db }: Database): CourseRepository => {
  const { updatedAt: _, ...columns } = getTableColumns(courses)
  const rows = db
    .select({ ...columns, formerSlugs })
    .from(courses)
    .where(sql`${courses.id} = any(${sql.placeholder('ids')}::text[])`)
    .prepare('load_courses')

  const loadedSlugs = new WeakMap<Course, Slug>()

  const loadAll = async (ids: readonly string[]): Promise<readonly Course[]> => {
    const loaded = (await rows.execute({ ids })).map(courseOf)
    for (const course of loaded) loadedSlugs.set(course, course.state.slug)
    return loaded
  }

  return {
    load: async (id) => (await loadAll([id]))[0],
    loadAll,
    save: (tx, course) => {
      if (course.events.length === 0) return
      const unit = postgresOf(tx)
      const { id, slug, status } = course.state
      const before = loadedSlugs.get(course)
      const values = { ...courseValues(course), now: tx.now }
      if (course.version === 0) unit.write(insertCourse, values)
      else unit.write(updateCourse, { ...values, version: course.version })
      if (before !== slug) unit.write(claimSlug, { id, slug })
      if (before !== undefined && before !== slug && status === 'DRAFT') unit.write(freeSlug, { id, slug: before })
      unit.raise(course)
    },
  }
}
