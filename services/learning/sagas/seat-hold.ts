import { z } from 'zod'
import { DAY, MINUTE } from '#domain/kernel/clock.ts'
import { WaitlistEntryId } from '#domain/kernel/ids.ts'
import { defineSaga, request } from '#domain/kernel/saga.ts'
import { SEAT_HOLD_MS } from '#domain/learning/waitlist.ts'
import { Learning } from '#bus/patterns/learning.ts'

const SeatHoldState = z.object({ entryId: WaitlistEntryId })

/** A promoted learner's seat passes on when it was not taken in time. It starts with the commit that promotes them. */
export const SeatHold = defineSaga(
  { name: 'SeatHold', version: 1, state: SeatHoldState, deadlineMs: SEAT_HOLD_MS + 7 * DAY, pivot: 'lapse' },
  (on) => ({
    start: () => ({ timers: { hold: SEAT_HOLD_MS }, push: ['withdraw'] }),
    events: [],
    replies: [
      on.reply('lapse', Learning.LapseHold, {
        // The clock of the process that was asked is behind: the hold stands there for a moment longer.
        replied: (_state, { status }) => (status === 'PROMOTED' ? { timers: { hold: MINUTE } } : { done: true }),
        faulted: (_state, fault) => ({ fail: fault }),
      }),
    ],
    timers: { hold: ({ entryId }) => ({ send: [request('lapse', Learning.LapseHold, { entryId, when: 'due' })] }) },
    // An admin who turns it back takes the seat back: no hold is left without an end.
    compensations: [
      on.compensation('withdraw', Learning.LapseHold, { input: ({ entryId }) => ({ entryId, when: 'now' }) }),
    ],
  }),
)
