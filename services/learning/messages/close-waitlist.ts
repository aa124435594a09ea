import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Waitlist } from '../enrollment-ports.ts'

const AT_ONCE = 100

/** Seats that are held for learners who were promoted pass on to nobody when their time is over. */
export const closeWaitlist = answer(
  Learning.CloseWaitlist,
  { waitlist: Waitlist },
  async ({ data: { courseRunId }, tx, ids }, { waitlist }) => {
    const entries = await waitlist.first(courseRunId, AT_ONCE)
    for (const entry of entries) entry.leave()
    waitlist.save(tx, entries)
    if (entries.length === AT_ONCE)
      tx.send(Learning.CloseWaitlist, { courseRunId }, { key: courseRunId, idempotencyKey: ids.next('msg') })
    return { ended: entries.length }
  },
)
