import { DAY } from '#domain/kernel/clock.ts'
import type { Decision, SagaDefinition } from '#domain/kernel/saga.ts'
import { answer, type Responder } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { givingUp } from '#services/learning/give-up-seats.ts'
import { saveAndPassOn } from '#services/learning/promote-waiting.ts'
import { activatePaid } from '#services/learning/sagas/course-enrollment-requests.ts'
import { CourseEnrollmentState } from '#services/learning/sagas/course-enrollment-state.ts'
import type { Behaviour } from '../world/audience.ts'
import type { Mutation } from '../world/mutation.ts'

const inService = (name: string, change: (behaviour: Behaviour) => Behaviour): Mutation => ({
  behaviour: (behaviour) => (behaviour.name === name ? change(behaviour) : behaviour),
})

const withSaga = (change: (saga: SagaDefinition) => SagaDefinition): Mutation =>
  inService('learning', (behaviour) => ({ ...behaviour, sagas: behaviour.sagas.map(change) }))

export const withResponder = (service: string, responder: Responder): Mutation =>
  inService(service, (behaviour) => ({
    ...behaviour,
    messages: behaviour.messages.map((known) =>
      known.definition.type === responder.definition.type ? responder : known,
    ),
  }))

/** Money that comes after the end is kept. */
export const lateMoneyKept = withSaga((saga) => ({
  ...saga,
  events: saga.events.map((event) => ({ ...event, late: () => ({}) })),
}))

/** Money that comes after the end opens the course all the same. */
export const lateMoneyActivates = withSaga((saga) => ({
  ...saga,
  events: saga.events.map((event) => ({ ...event, late: event.running })),
}))

const pushing = (saga: SagaDefinition, names: readonly string[]): SagaDefinition => ({
  ...saga,
  start: (state, context) => {
    const decision = saga.start(state, context)
    return { ...decision, push: decision.push?.filter((name) => names.includes(name)) ?? [] }
  },
})

/** The seat of a purchase that came to nothing stays held. */
export const seatNotReleased = withSaga((saga) => pushing(saga, ['cancelPayment']))

/** The seat goes back while the payment can still be made. */
export const paymentNotCancelled = withSaga((saga) => pushing(saga, ['releaseSeat']))

const keepingTimers = (decision: Decision<unknown>): Decision<unknown> => ({ ...decision, timers: {} })

/** Who has a payment to make is in, whether they make it or not. */
export const openedBeforeTheMoney = withSaga((saga) => ({
  ...saga,
  replies: saga.replies.map((reply) => ({
    ...reply,
    replied: (state, output, context) => {
      const decision = reply.replied(state, output, context)
      if (reply.step !== 'charge') return decision
      const { paymentId } = Payments.ProcessPayment.output.parse(output)
      const activate = activatePaid(CourseEnrollmentState.parse(state), paymentId)
      return { ...decision, send: [...(decision.send ?? []), activate] }
    },
  })),
}))

/** The payment's time runs out although it was paid. */
export const timerNotCancelled = withSaga((saga) => ({
  ...saga,
  events: saga.events.map((event) => ({
    ...event,
    running: (state, message, context) => keepingTimers(event.running(state, message, context)),
  })),
}))

/** Neither the time to pay nor the time of the saga runs out. */
export const neverTurnedBack = withSaga((saga) => ({ ...saga, timers: {}, deadlineMs: 400 * DAY }))

/** Who has the money back stays in. */
export const refundKeepsAccess = inService('learning', (behaviour) => ({ ...behaviour, events: {} }))

/** Whose bank has taken the money stays in. */
export const chargeBackKeepsAccess = inService('learning', ({ events, ...behaviour }) => ({
  ...behaviour,
  events: Object.fromEntries(Object.entries(events).filter(([, { event }]) => event !== Payments.DisputeClosed)),
}))

/** Who leaves for good loses what they have paid for, and the money with it. */
export const erasureTakesPaidSeats = withResponder(
  'learning',
  answer(Learning.EraseUser, givingUp, async ({ data: { userId }, tx }, deps) => {
    for (const enrollment of await deps.held.seats(userId)) {
      enrollment.cancel('erased', tx.now)
      await saveAndPassOn(tx, deps, enrollment)
    }
    return { counts: {} }
  }),
)

/** Nobody looks for what lost webhooks have left behind. */
export const noReconciliation = withResponder(
  'payment',
  answer(Payments.Reconcile, {}, async () => ({ synced: 0 })),
)

/** A notice is believed to be the last word, and nothing is read at the provider. */
export const noticesIgnored = withResponder(
  'payment',
  answer(Payments.SyncIntent, {}, async () => ({ status: 'PROCESSING' as const })),
)

/** The payment counts as cancelled before the provider has said so. */
export const cancelledOnTrust = withResponder(
  'payment',
  answer(Payments.CancelPayment, {}, async () => ({ status: 'CANCELLED' as const })),
)
