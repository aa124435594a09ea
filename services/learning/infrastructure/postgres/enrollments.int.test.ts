import { Access, Enrollments } from '../../enrollment-ports.ts'
import { CourseRuns } from '../../ports.ts'
import { enrollmentsContract } from '../../testing/enrollments.contract.ts'
import { startEnrolling } from '../../testing/enrolling.ts'

enrollmentsContract('PostgreSQL', async () => {
  const { runtime, stores, openCourse, seats, stop } = await startEnrolling()
  const { resolve } = runtime
  return {
    store: stores.store,
    enrollments: resolve(Enrollments),
    access: resolve(Access),
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
})
