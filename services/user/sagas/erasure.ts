import { z } from 'zod'
import type { ErasedCounts } from '#domain/kernel/personal-data.ts'
import { ErasureId, UserId } from '#domain/kernel/ids.ts'
import { type Decision, defineSaga, request, type SagaFault } from '#domain/kernel/saga.ts'
import { ERASURE_DUE_MS } from '#domain/user/erasure.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { Users } from '#bus/patterns/user.ts'

/** Every other service that keeps something of people; the user service erases with the request. */
const ERASERS = { learning: Learning.EraseUser, payment: Payments.EraseUser } as const
type Eraser = keyof typeof ERASERS
const SERVICES = ['learning', 'payment'] as const satisfies readonly Eraser[]

const ErasureState = z.object({
  requestId: ErasureId,
  userId: UserId,
  /** Services that have answered. */
  done: z.array(z.enum(SERVICES)),
})
type State = z.infer<typeof ErasureState>

/** Nothing is undone and nobody is let off: a person looks at it, and has it tried again. */
const park = (_state: State, fault: SagaFault): Decision<State> => ({ park: fault })

const acknowledged = (state: State, service: Eraser, counts: ErasedCounts): Decision<State> => {
  if (state.done.includes(service)) return {}
  const done = [...state.done, service]
  const { requestId } = state
  const last = SERVICES.every((known) => done.includes(known))
  return {
    set: { done },
    send: [request(`acknowledge_${service}`, Users.AcknowledgeErasure, { requestId, service, counts, last })],
  }
}

/** Has every service forget a person, and closes when all have answered. It is parked at its due date. */
export const Erasure = defineSaga(
  { name: 'Erasure', version: 1, state: ErasureState, deadlineMs: ERASURE_DUE_MS, pivot: 'learning' },
  (on) => ({
    start: ({ userId }) => ({ send: SERVICES.map((service) => request(service, ERASERS[service], { userId })) }),
    events: [],
    replies: SERVICES.flatMap((service) => [
      on.reply(service, ERASERS[service], {
        replied: (state, { counts }) => acknowledged(state, service, counts),
        faulted: park,
      }),
      on.reply(`acknowledge_${service}`, Users.AcknowledgeErasure, {
        replied: (_state, { status }) => (status === 'CLOSED' ? { done: true } : {}),
        faulted: park,
      }),
    ]),
    timers: {},
    compensations: [],
  }),
)
