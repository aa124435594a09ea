import { CourseRun } from '#domain/learning/course-run.ts'
import { exampleDetails, exampleRun, exampleTutor } from '#domain/learning/examples.ts'
import { createMemoryBusStores } from '#bus/memory/stores.ts'
import { createManualClock } from '#bus/testing/clock.ts'
import { systemIds } from '#services/kit/ids.ts'
import { createMemoryAccess } from '../infrastructure/memory/access.ts'
import { createMemoryEnrollments } from '../infrastructure/memory/enrollments.ts'
import { createLearningState } from '../infrastructure/memory/state.ts'
import { createMemoryWaitlist } from '../infrastructure/memory/waitlist.ts'
import type { WaitlistFixture } from './waitlist.contract.ts'

/** Enrollments and waitlists in memory, for their contracts. */
export const startMemoryEnrollments = async (): Promise<WaitlistFixture> => {
  const state = createLearningState({ title: exampleDetails.title, tutorId: exampleTutor }, [])
  const { store } = createMemoryBusStores({ service: 'learning', ids: systemIds, clock: createManualClock() })
  return {
    store,
    enrollments: createMemoryEnrollments(state),
    access: createMemoryAccess(state),
    waitlist: createMemoryWaitlist(state),
    runs: undefined,
    openRun: async (terms) => {
      const run = CourseRun.restore(exampleRun(terms).state, 1)
      state.runs.set(run.id, { state: run.state, version: 1 })
      return run
    },
    seats: async (courseRunId) => {
      const seats = state.runs.get(courseRunId)?.state
      return { taken: seats?.seatsTaken ?? -1, held: seats?.seatsHeld ?? -1 }
    },
    stop: async () => {},
  }
}
