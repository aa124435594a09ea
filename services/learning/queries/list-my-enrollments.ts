import { z } from 'zod'
import { EnrollmentStatus } from '#domain/learning/enrollment-state.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { filterHash, InvalidCursor } from '#services/kit/http/cursor.ts'
import { cutPage, pageOf, PageQuery } from '#services/kit/http/page.ts'
import { route } from '#services/kit/http/route.ts'
import { Cursors } from '#services/kit/ports.ts'
import { EnrollmentQueries } from '../enrollment-ports.ts'
import { EnrollmentResource, enrollmentResource } from '../enrollment-resource.ts'
import { signedIn } from '../signed-in.ts'

export const ListMyEnrollments = query('learning.list_my_enrollments', {
  input: PageQuery.extend({
    me: z.enum(['', 'true']).optional().describe('Says whose: the caller’s. There are no others here.'),
    status: EnrollmentStatus.optional(),
  }),
  output: pageOf(EnrollmentResource),
  errors: [InvalidCursor],
  scope: 'enrollments:read',
})

export const listMyEnrollments = queryHandler(
  ListMyEnrollments,
  { enrollments: EnrollmentQueries, cursors: Cursors },
  async ({ input: { status, cursor, limit }, actor, now }, { enrollments, cursors }) => {
    const { userId } = signedIn(actor)
    const hash = filterHash({ list: 'enrollments', userId, status })
    const after = cursor === undefined ? undefined : cursors.decode(cursor, hash).id
    const rows = await enrollments.ofStudent(userId, { status, after, limit: limit + 1 })
    const resources = rows.map((state) => enrollmentResource(state, now))
    return cutPage(resources, limit, ({ enrollmentId }) =>
      cursors.encode({ sort: null, id: enrollmentId, filterHash: hash }),
    )
  },
)

export const listMyEnrollmentsRoute = route(ListMyEnrollments, {
  method: 'get',
  path: '/v1/enrollments',
  tag: 'Enrollments',
  summary: "List the caller's enrollments, newest first",
})
