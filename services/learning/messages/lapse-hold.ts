import { WaitlistEntryNotFound } from '#domain/learning/errors.ts'
import { seatsFreed } from '#domain/learning/seats.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { promoteWaiting, promotion } from '../promote-waiting.ts'

/** Passes a seat that nobody took in time on to the next who waits. */
export const lapseHold = answer(Learning.LapseHold, promotion, async ({ data: { entryId, when }, tx, now }, deps) => {
  const entry = await deps.waitlist.load(entryId)
  if (!entry) throw WaitlistEntryNotFound(entryId)
  if (when === 'due') entry.lapse(now)
  else entry.withdraw()
  const freed = seatsFreed(entry.seatMoves)
  if (freed > 0) deps.waitlist.save(tx, [entry, ...(await promoteWaiting(tx, deps, entry.state.courseRunId, freed))])
  return { entryId, status: entry.status }
})
