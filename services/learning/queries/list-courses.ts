import { z } from 'zod'
import { LanguageTag, line } from '#domain/learning/course-details.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { Forbidden } from '#bus/cqrs/errors.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { InvalidCursor } from '#services/kit/http/cursor.ts'
import { pageOf, PageQuery } from '#services/kit/http/page.ts'
import { route } from '#services/kit/http/route.ts'
import { Cursors } from '#services/kit/ports.ts'
import { viewerOf } from '../authorship.ts'
import { CourseQueries } from '../ports.ts'
import { CourseResource } from '../resources.ts'
import { signedIn } from '../signed-in.ts'
import { pageOfCourses } from './course-pages.ts'

export const ListCourses = query('learning.list_courses', {
  input: PageQuery.extend({
    of: z.enum(['me', 'everybody']).default('me').describe('`everybody` is for admins and support.'),
    q: line(200).optional().describe('Words of title, summary or description, or a part of the title.'),
    status: CourseResource.shape.status.optional(),
    language: LanguageTag.optional().describe('With all tags below it: `en` holds `en-GB`.'),
  }),
  output: pageOf(CourseResource),
  errors: [InvalidCursor, Forbidden],
  scope: 'courses:read',
})

export const listCourses = queryHandler(
  ListCourses,
  { courses: CourseQueries, cursors: Cursors },
  async ({ input: { of, q, status, language, ...page }, actor }, { courses, cursors }) => {
    const { userId } = signedIn(actor)
    if (of === 'everybody' && viewerOf(actor) !== undefined) throw Forbidden('users:read')
    const filter = { tutorId: of === 'me' ? userId : undefined, q, status, language }
    return pageOfCourses(cursors, { list: 'courses', ...filter }, page, (slice) => courses.list(filter, slice))
  },
)

export const listCoursesRoute = route(ListCourses, {
  method: 'get',
  path: '/v1/courses',
  tag: 'Courses',
  summary: 'List and search courses, drafts included, newest first',
  description:
    'One’s own; admins and support may look through everybody’s. A search knows the forms of words in the language ' +
    'that is asked for (English where none is), and titles that are spelt a little otherwise.',
})
