import { z } from 'zod'
import { Instant } from '#domain/kernel/clock.ts'
import { CourseRunId } from '#domain/kernel/ids.ts'
import {
  AlreadyEnrolled,
  AlreadyWaiting,
  NotVerified,
  RunNotFound,
  RunNotFull,
  RunNotOpen,
} from '#domain/learning/errors.ts'
import { WaitlistEntry, WaitlistStatus } from '#domain/learning/waitlist.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { Enrollments, Waitlist } from '../enrollment-ports.ts'
import { signedIn } from '../signed-in.ts'

export const JoinWaitlist = command('learning.join_waitlist', {
  input: z.strictObject({ courseRunId: CourseRunId }),
  output: z.object({ courseRunId: CourseRunId, status: WaitlistStatus, joinedAt: Instant }),
  errors: [NotVerified, RunNotFound, RunNotOpen, RunNotFull, AlreadyEnrolled, AlreadyWaiting],
  scope: 'enrollments:write',
  idempotent: true,
})

/** A seat that was given back meanwhile runs this again, and `RunNotFull` is thrown. */
export const joinWaitlist = handler(
  JoinWaitlist,
  { enrollments: Enrollments, waitlist: Waitlist },
  async ({ input: { courseRunId }, actor, tx, now, ids }, { enrollments, waitlist }) => {
    const { userId, emailVerified } = signedIn(actor)
    if (!emailVerified) throw NotVerified()
    const admission = await enrollments.admission(courseRunId, userId)
    if (!admission) throw RunNotFound(courseRunId)
    if (admission.live) throw AlreadyEnrolled(courseRunId)
    if (admission.entry) throw AlreadyWaiting(courseRunId)
    const entry = WaitlistEntry.join(ids.next('wte'), admission.run, userId, now)
    waitlist.save(tx, [entry])
    return { courseRunId, status: entry.status, joinedAt: entry.state.joinedAt }
  },
)

export const joinWaitlistRoute = route(JoinWaitlist, {
  method: 'post',
  path: '/v1/course-runs/{courseRunId}/waitlist',
  tag: 'Waitlists',
  summary: 'Wait for a seat in a full run',
  description:
    'The first who waits gets the next seat that becomes free. It is held for 24 hours, in which to enroll; ' +
    'then it passes on to the next.',
  status: 201,
  rateLimit: { limit: 120, windowSeconds: 60, onFailure: 'closed' },
  location: ({ courseRunId }) => `/v1/course-runs/${courseRunId}/waitlist`,
})
