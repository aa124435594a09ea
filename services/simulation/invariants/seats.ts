import { seatOf } from '#domain/learning/enrollment-state.ts'
import type { Invariant } from './evidence.ts'

/** I4: taken and held seats fit the capacity, and are those of the enrollments (I7 for the run's counters). */
export function* seatsFit({ world }: Parameters<Invariant>[0]): Iterable<string> {
  const enrollments = [...world.learning.enrollments.values()].map(({ state }) => state)
  for (const { state: run } of world.learning.runs.values()) {
    const seats = enrollments.filter(({ courseRunId }) => courseRunId === run.id).map(({ status }) => seatOf(status))
    const held = seats.filter((seat) => seat === 'held').length
    const taken = seats.filter((seat) => seat === 'taken').length
    const entries = [...world.learning.waitlist.values()].filter(({ state }) => state.courseRunId === run.id)
    const promoted = entries.filter(({ state }) => state.status === 'PROMOTED').length
    const waiting = entries.filter(({ state }) => state.status === 'WAITING').length
    if (taken + held + promoted > run.capacity)
      yield `${run.id} has ${taken} + ${held} + ${promoted} of ${run.capacity} seats`
    if (taken !== run.seatsTaken || held + promoted !== run.seatsHeld || waiting !== run.waiting)
      yield `${run.id} counts ${run.seatsTaken} + ${run.seatsHeld} seats and ${run.waiting} who wait, its learners ${taken} + ${held} + ${promoted}, ${waiting}`
    if (waiting > 0 && taken + held + promoted < run.capacity) yield `${run.id} has a free seat while ${waiting} wait`
  }
}

/** I4: nobody sits twice in one run. */
export function* oneSeatEach({ world }: Parameters<Invariant>[0]): Iterable<string> {
  const live = [...world.learning.enrollments.values()].filter(({ state }) => seatOf(state.status) !== 'none')
  const places = Map.groupBy(live, ({ state }) => `${state.studentId} in ${state.courseRunId}`)
  for (const [place, enrollments] of places)
    if (enrollments.length > 1) yield `${place} has ${enrollments.length} seats`
}
