import { MINUTE } from '#domain/kernel/clock.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { job } from '#services/kit/jobs.ts'
import { Clock, Requester } from '#services/kit/ports.ts'
import { EnrollmentQueries } from '../enrollment-ports.ts'

/** What is left over comes with the next run. */
const AT_ONCE = 500

/** Ends what has run out. Access does not wait for it: it follows the grants; the seat does. */
export const expireEnrollments = job(
  'expire-enrollments',
  MINUTE,
  { enrollments: EnrollmentQueries, clock: Clock, requester: Requester },
  async ({ enrollments, clock, requester }) => {
    const failures: unknown[] = []
    for (const enrollmentId of await enrollments.ranOut(clock.now(), AT_ONCE)) {
      const options = { origin: { correlationId: enrollmentId } }
      await requester
        .request(Learning.ExpireEnrollment, { enrollmentId }, options)
        .catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} enrollments could not be ended.`)
  },
)
