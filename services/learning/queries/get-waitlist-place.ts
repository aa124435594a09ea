import { z } from 'zod'
import { CourseRunId } from '#domain/kernel/ids.ts'
import { NotOnWaitlist } from '#domain/learning/errors.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { WaitlistQueries } from '../enrollment-ports.ts'
import { signedIn } from '../signed-in.ts'
import { WaitlistResource, waitlistResource } from '../waitlist-resource.ts'

export const GetWaitlistPlace = query('learning.get_waitlist_place', {
  input: z.strictObject({ courseRunId: CourseRunId }),
  output: WaitlistResource,
  errors: [NotOnWaitlist],
  scope: 'enrollments:read',
})

export const getWaitlistPlace = queryHandler(
  GetWaitlistPlace,
  { waitlist: WaitlistQueries },
  async ({ input: { courseRunId }, actor }, { waitlist }) => {
    const found = await waitlist.place(courseRunId, signedIn(actor).userId)
    if (!found) throw NotOnWaitlist(courseRunId)
    return waitlistResource(found.state, found.position)
  },
)

export const getWaitlistPlaceRoute = route(GetWaitlistPlace, {
  method: 'get',
  path: '/v1/course-runs/{courseRunId}/waitlist',
  tag: 'Waitlists',
  summary: 'Get my place on the waitlist of a run',
})
