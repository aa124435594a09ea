import { asOwner } from '#services/kit/testing/postgres-server.ts'
import { z } from 'zod'

const COURSES = 10_000
const TUTORS = 200

const Ids = z.array(z.object({ id: z.string() }))

/** Fills the table of courses and picks a tutor with the ids of that tutor's courses. */
export const fillCourses = (url: string) =>
  asOwner(url, async (sql) => {
    await sql`
      with tutors as (select n, 'usr_' || uuidv7() as id from generate_series(0, ${TUTORS - 1}) n)
      insert into learning.courses (id, tutor_id, slug, status, title, summary, description, subject, language, level,
        created_at, updated_at, published_at, version)
      select 'crs_' || uuidv7(), tutors.id, 'course-' || course, 'PUBLISHED', 'Linear algebra by drawing, part ' || course,
        'Vectors and matrices with pencil and paper.', repeat('All of it, in small steps. ', 16), 'algebra', 'en',
        'beginner', now(), now(), now(), 2
      from generate_series(1, ${COURSES}) course join tutors on tutors.n = course % ${TUTORS}`
    await sql`vacuum analyze learning.courses`
    const [tutor] = Ids.parse(await sql`select tutor_id as id from learning.courses limit 1`)
    const tutorId = tutor?.id ?? ''
    const courses = Ids.parse(await sql`select id from learning.courses where tutor_id = ${tutorId}`)
    return { tutorId, courseIds: courses.map(({ id }) => id) }
  })
