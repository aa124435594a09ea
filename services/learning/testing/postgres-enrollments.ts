import { Access, Enrollments, Waitlist } from '../enrollment-ports.ts'
import { CourseRuns } from '../ports.ts'
import { startEnrolling } from './enrolling.ts'
import type { WaitlistFixture } from './waitlist.contract.ts'

/** Enrollments and waitlists in PostgreSQL, for their contracts. */
export const startPostgresEnrollments = async (): Promise<WaitlistFixture> => {
  const { runtime, stores, openCourse, seats, stop } = await startEnrolling()
  const { resolve } = runtime
  return {
    store: stores.store,
    enrollments: resolve(Enrollments),
    access: resolve(Access),
    waitlist: resolve(Waitlist),
    runs: resolve(CourseRuns),
    openRun: async (terms) => {
      const { courseRunId } = await openCourse(terms)
      const run = await resolve(CourseRuns).load(courseRunId)
      if (!run) throw new Error(`${courseRunId} was not stored.`)
      return run
    },
    seats: async (courseRunId) => {
      const { taken, held } = await seats(courseRunId)
      return { taken, held }
    },
    stop,
  }
}
