import type { CourseRunId, EnrollmentId, UserId } from '#domain/kernel/ids.ts'
import { CourseRun } from '#domain/learning/course-run.ts'
import { Enrollment } from '#domain/learning/enrollment.ts'
import { seatOf } from '#domain/learning/enrollment-state.ts'
import { isSameGrant } from '#domain/learning/grant.ts'
import { memoryOf } from '#bus/memory/store.ts'
import type { EnrollmentRepository } from '../../enrollment-ports.ts'
import { moveSeats } from './seat-moves.ts'
import type { LearningState } from './state.ts'
import { liveEntry, writeEntries } from './waitlist.ts'

/** Enrollments in memory, under the constraints that the tables have: one live for a learner in a run, grants once. */
export const createMemoryEnrollments = (stored: LearningState): EnrollmentRepository => {
  const { enrollments, runs } = stored

  const liveIn = (courseRunId: CourseRunId, studentId: UserId): EnrollmentId | undefined =>
    [...enrollments.values()].find(
      ({ state }) =>
        state.courseRunId === courseRunId && state.studentId === studentId && seatOf(state.status) !== 'none',
    )?.state.id

  const isAlone = ({ id, state }: Enrollment): boolean => {
    if (seatOf(state.status) === 'none') return true
    const live = liveIn(state.courseRunId, state.studentId)
    return live === undefined || live === id
  }

  const holdsItsGrants = ({ id, state }: Enrollment): boolean =>
    [...enrollments.values()].every(
      ({ state: other }) =>
        other.id === id || !other.grants.some((grant) => state.grants.some((own) => isSameGrant(own, grant))),
    )

  return {
    load: async (id) => {
      const found = enrollments.get(id)
      return found && Enrollment.restore(found.state, found.version)
    },
    byGrant: async (grant) => {
      const found = [...enrollments.values()].find(({ state }) => state.grants.some((own) => isSameGrant(own, grant)))
      return found && Enrollment.restore(found.state, found.version)
    },
    admission: async (courseRunId, studentId) => {
      const run = runs.get(courseRunId)
      return (
        run && {
          run: CourseRun.restore(run.state, run.version),
          course: stored.course,
          live: liveIn(courseRunId, studentId),
          entry: liveEntry(stored, courseRunId, studentId),
        }
      )
    },
    save: (tx, enrollment, entries = []) => {
      const { id, state, version } = enrollment
      memoryOf(tx).write({
        name: 'enrollment',
        check: () =>
          (enrollments.get(id)?.version ?? 0) === version && isAlone(enrollment) && holdsItsGrants(enrollment),
        apply: () => enrollments.set(id, { state, version: version + 1 }),
      })
      writeEntries(tx, stored, entries)
      moveSeats(
        tx,
        stored,
        state.courseRunId,
        [enrollment, ...entries].flatMap(({ seatMoves }) => seatMoves),
      )
      tx.raise(enrollment)
    },
  }
}
