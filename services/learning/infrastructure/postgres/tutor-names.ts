import { eq, sql } from 'drizzle-orm'
import type { Database } from '#bus/postgres/database.ts'
import type { TutorNameRegistry } from '../../ports.ts'
import { courses, tutorNames } from './schema.ts'

const value = (name: string) => sql.placeholder(name)

/** A copy of what another service owns: kept by single statements that may be repeated, outside any unit of work. */
export const createPostgresTutorNames = ({ drizzle: db }: Database): TutorNameRegistry => {
  const anyCourse = db
    .select({ id: courses.id })
    .from(courses)
    .where(eq(courses.tutorId, value('tutorId')))
    .limit(1)
    .prepare('any_course_of_tutor')
  const publicCourses = db
    .select({ id: courses.id })
    .from(courses)
    .where(sql`${courses.tutorId} = ${value('tutorId')} and ${courses.status} <> 'DRAFT'`)
    .prepare('public_courses_of_tutor')
  const keep = db
    .insert(tutorNames)
    .values({
      tutorId: value('tutorId'),
      name: value('name'),
      slug: value('slug'),
      profileVersion: value('profileVersion'),
      changes: 1,
    })
    .onConflictDoUpdate({
      target: tutorNames.tutorId,
      set: {
        name: sql`excluded.name`,
        slug: sql`excluded.slug`,
        profileVersion: sql`excluded.profile_version`,
        changes: sql`${tutorNames.changes}
          + ((${tutorNames.name}, ${tutorNames.slug}) is distinct from (excluded.name, excluded.slug))::int`,
      },
      setWhere: sql`${tutorNames.profileVersion} <= excluded.profile_version`,
    })
    .prepare('keep_tutor_name')

  return {
    isTutor: async (tutorId) => (await anyCourse.execute({ tutorId })).length > 0,
    coursesOf: async (tutorId) => (await publicCourses.execute({ tutorId })).map(({ id }) => id),
    keep: async (name) => {
      await keep.execute({ ...name, slug: name.slug ?? null })
    },
  }
}
