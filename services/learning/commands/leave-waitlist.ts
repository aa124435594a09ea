import { z } from 'zod'
import { CourseRunId } from '#domain/kernel/ids.ts'
import { NotOnWaitlist } from '#domain/learning/errors.ts'
import { seatsFreed } from '#domain/learning/seats.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { promoteWaiting, promotion } from '../promote-waiting.ts'
import { signedIn } from '../signed-in.ts'

export const LeaveWaitlist = command('learning.leave_waitlist', {
  input: z.strictObject({ courseRunId: CourseRunId }),
  output: z.void(),
  errors: [NotOnWaitlist],
  scope: 'enrollments:write',
})

export const leaveWaitlist = handler(LeaveWaitlist, promotion, async ({ input: { courseRunId }, actor, tx }, deps) => {
  const entry = await deps.waitlist.live(courseRunId, signedIn(actor).userId)
  if (!entry) throw NotOnWaitlist(courseRunId)
  entry.leave()
  const promoted = await promoteWaiting(tx, deps, courseRunId, seatsFreed(entry.seatMoves))
  deps.waitlist.save(tx, [entry, ...promoted])
})

export const leaveWaitlistRoute = route(LeaveWaitlist, {
  method: 'delete',
  path: '/v1/course-runs/{courseRunId}/waitlist',
  status: 204,
  tag: 'Waitlists',
  summary: 'Leave the waitlist of a run',
  description: 'A seat that was held passes on to the next who waits.',
})
