import type { CourseRunId, UserId } from '#domain/kernel/ids.ts'
import { WaitlistEntry } from '#domain/learning/waitlist.ts'
import { memoryOf } from '#bus/memory/store.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type { WaitlistRepository } from '../../enrollment-ports.ts'
import { moveSeats } from './seat-moves.ts'
import type { LearningState } from './state.ts'

const isLive = ({ status }: { readonly status: WaitlistEntry['status'] }): boolean =>
  status === 'WAITING' || status === 'PROMOTED'

export const liveEntry = (
  { waitlist }: LearningState,
  courseRunId: CourseRunId,
  studentId: UserId,
): WaitlistEntry | undefined => {
  const found = [...waitlist.values()].find(
    ({ state }) => state.courseRunId === courseRunId && state.studentId === studentId && isLive(state),
  )
  return found && WaitlistEntry.restore(found.state, found.version)
}

/** Registers the entries without the moves of their seats. */
export const writeEntries = (tx: UnitOfWork, stored: LearningState, entries: readonly WaitlistEntry[]): void => {
  const { waitlist } = stored
  for (const entry of entries) {
    const { id, state, version } = entry
    const isAlone = (): boolean => {
      const live = isLive(entry) ? liveEntry(stored, state.courseRunId, state.studentId) : undefined
      return live === undefined || live.id === id
    }
    memoryOf(tx).write({
      name: 'waitlist entry',
      check: () => (waitlist.get(id)?.version ?? 0) === version && isAlone(),
      // A map keeps the order in which its keys came, which is that of the list.
      apply: () => waitlist.set(id, { state, version: version + 1 }),
    })
    tx.raise(entry)
  }
}

export const createMemoryWaitlist = (stored: LearningState): WaitlistRepository => {
  const { waitlist } = stored
  return {
    load: async (id) => {
      const found = waitlist.get(id)
      return found && WaitlistEntry.restore(found.state, found.version)
    },
    live: async (courseRunId, studentId) => liveEntry(stored, courseRunId, studentId),
    first: async (courseRunId, limit) =>
      [...waitlist.values()]
        .filter(({ state }) => state.courseRunId === courseRunId && state.status === 'WAITING')
        .slice(0, limit)
        .map(({ state, version }) => WaitlistEntry.restore(state, version)),
    save: (tx, entries) => {
      const [first] = entries
      if (!first) return
      writeEntries(tx, stored, entries)
      moveSeats(
        tx,
        stored,
        first.state.courseRunId,
        entries.flatMap(({ seatMoves }) => seatMoves),
      )
    },
  }
}
