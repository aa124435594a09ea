import { z } from 'zod'
import { DAY, HOUR } from '#domain/kernel/clock.ts'
import { event } from '#domain/kernel/event.ts'
import { message } from '#domain/kernel/message.ts'
import { type Decision, defineSaga, request, type SagaRequest } from '#domain/kernel/saga.ts'

const input = z.object({ tripId: z.string() })
const output = z.object({})

const BookFlight = message('trip.book_flight', { input, output })
const BookHotel = message('trip.book_hotel', { input, output })
const CancelFlight = message('trip.cancel_flight', { input, output })
const CancelHotel = message('trip.cancel_hotel', { input, output })
const IssueTicket = message('trip.issue_ticket', { input, output })
const RefundTrip = message('trip.refund', { input, output })

export const TripPaid = event('trip.paid', { version: 1, data: z.object({ tripId: z.string() }) })
const TripBooked = event('trip.booked', { version: 1, data: z.object({ tripId: z.string() }) })
const TripReminded = event('trip.reminded', { version: 1, data: z.object({ tripId: z.string() }) })

const TripState = z.object({
  tripId: z.string(),
  booked: z.boolean().default(false),
  paid: z.boolean().default(false),
})
type TripState = z.infer<typeof TripState>

const of = ({ tripId }: TripState) => ({ tripId })
const refund = (state: TripState): SagaRequest => request('refund', RefundTrip, of(state))

/** The ticket is issued when all is booked and paid, whichever came last. */
const issueWhenReady = (state: TripState): Decision<TripState> =>
  state.booked && state.paid ? { send: [request('issue', IssueTicket, of(state))], timers: { remind: 'cancel' } } : {}

/** Books a flight and a hotel, waits for the money, issues the ticket; the example of the engine's tests. */
export const Trip = defineSaga(
  { name: 'Trip', version: 1, state: TripState, deadlineMs: DAY, pivot: 'issue' },
  (on) => ({
    start: (state) => ({ send: [request('flight', BookFlight, of(state))], push: ['cancelFlight'] }),
    replies: [
      on.reply('flight', BookFlight, {
        replied: (state) => ({ send: [request('hotel', BookHotel, of(state))], push: ['cancelHotel'] }),
        faulted: (_state, fault) => ({ fail: fault }),
      }),
      on.reply('hotel', BookHotel, {
        replied: (state) => {
          const ready = issueWhenReady({ ...state, booked: true })
          return { timers: { remind: HOUR }, ...ready, set: { booked: true } }
        },
        faulted: (_state, fault) => ({ fail: fault }),
      }),
      on.reply('issue', IssueTicket, {
        replied: (state) => ({ publish: [{ definition: TripBooked, data: of(state) }], done: true }),
        faulted: (_state, fault) => ({ fail: fault }),
      }),
    ],
    events: [
      on.event(TripPaid, {
        key: ({ tripId }) => (tripId === 'not a trip' ? undefined : tripId),
        running: (state) =>
          state.paid ? {} : { ...issueWhenReady({ ...state, paid: true }), set: { paid: true }, push: ['refund'] },
        late: (state) => (state.paid ? {} : { set: { paid: true }, send: [refund(state)], done: true }),
      }),
    ],
    timers: {
      remind: (state) => ({ publish: [{ definition: TripReminded, data: of(state) }], timers: { remind: 2 * HOUR } }),
    },
    compensations: [
      on.compensation('cancelFlight', CancelFlight, { input: of }),
      on.compensation('cancelHotel', CancelHotel, { input: of }),
      on.compensation('refund', RefundTrip, { input: of }),
    ],
  }),
)
