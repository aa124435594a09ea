import type { CourseRunId } from '#domain/kernel/ids.ts'
import type { Enrollment } from '#domain/learning/enrollment.ts'
import { seatsFreed } from '#domain/learning/seats.ts'
import type { WaitlistEntry } from '#domain/learning/waitlist.ts'
import type { Resolved } from '#bus/cqrs/token.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { Sagas } from '#services/kit/ports.ts'
import { Enrollments, Waitlist } from './enrollment-ports.ts'
import { SeatHold } from './sagas/seat-hold.ts'

/** What passing a seat on takes. */
export const promotion = { waitlist: Waitlist, sagas: Sagas } as const

/**
 * Promotes those who have waited longest to seats that become free in this commit; they are saved with what frees them.
 * Somebody who joins or leaves meanwhile makes the flush a conflict.
 */
export const promoteWaiting = async (
  tx: UnitOfWork,
  { waitlist, sagas }: Resolved<typeof promotion>,
  courseRunId: CourseRunId,
  seats: number,
): Promise<readonly WaitlistEntry[]> => {
  if (seats < 1) return []
  const promoted = await waitlist.first(courseRunId, seats)
  for (const entry of promoted) {
    entry.promote(tx.now)
    sagas.start(tx, SeatHold, entry.id, { entryId: entry.id })
  }
  return promoted
}

/** What saving an enrollment that may give its seat back takes. */
export const passingOn = { enrollments: Enrollments, ...promotion } as const

/** The seat that it gives back falls to the first who waits, in the same statement. */
export const saveAndPassOn = async (
  tx: UnitOfWork,
  deps: Resolved<typeof passingOn>,
  enrollment: Enrollment,
): Promise<void> => {
  const promoted = await promoteWaiting(tx, deps, enrollment.state.courseRunId, seatsFreed(enrollment.seatMoves))
  deps.enrollments.save(tx, enrollment, promoted)
}
