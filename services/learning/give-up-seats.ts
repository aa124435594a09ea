import type { UserId } from '#domain/kernel/ids.ts'
import { seatsFreed } from '#domain/learning/seats.ts'
import type { Resolved } from '#bus/cqrs/token.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { SeatsOfPerson } from './enrollment-ports.ts'
import { passingOn, promoteWaiting, saveAndPassOn } from './promote-waiting.ts'

/** What giving up everything that somebody holds takes. */
export const givingUp = { ...passingOn, held: SeatsOfPerson } as const

/**
 * Somebody is gone for good. What is not paid yet is not paid any more: the saga of a purchase finds the enrollment
 * closed, and gives money back. What was paid keeps its seat, under an id that names nobody: money and seat do not part.
 */
export const giveUpSeats = async (
  tx: UnitOfWork,
  deps: Resolved<typeof givingUp>,
  userId: UserId,
): Promise<{ readonly enrollments: number; readonly waitlistPlaces: number }> => {
  const seats = (await deps.held.seats(userId)).filter(({ isPaidFor }) => !isPaidFor)
  for (const enrollment of seats) {
    enrollment.cancel('erased', tx.now)
    await saveAndPassOn(tx, deps, enrollment)
  }
  const places = await deps.held.places(userId)
  for (const entry of places) {
    entry.leave()
    const promoted = await promoteWaiting(tx, deps, entry.state.courseRunId, seatsFreed(entry.seatMoves))
    deps.waitlist.save(tx, [entry, ...promoted])
  }
  return { enrollments: seats.length, waitlistPlaces: places.length }
}
