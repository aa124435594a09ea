import type { EnrollmentId, PaymentId, RefundId } from '#domain/kernel/ids.ts'
import { memoryOf } from '#bus/memory/store.ts'
import { type MessageContext, on, type Subscriber } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { patterns } from '#bus/patterns/patterns.ts'
import type { createRuntime } from '#services/kit/runtime.ts'
import { operationsOf } from './operations.ts'

export type Behaviour = Parameters<typeof createRuntime>[0]

/** What a service that only listens has made of what it heard: each event once, and who is in which course. */
export interface AudienceState {
  /** How often the event with this id took effect. */
  readonly effects: Map<string, number>
  readonly roster: Set<EnrollmentId>
  readonly completed: Set<PaymentId>
  readonly refunded: Set<RefundId>
}

export const createAudienceState = (): AudienceState => ({
  effects: new Map(),
  roster: new Set(),
  completed: new Set(),
  refunded: new Set(),
})

const note = ({ effects }: AudienceState, { tx, messageId }: MessageContext<unknown>, apply: () => void): void =>
  memoryOf(tx).write({
    name: 'audience',
    check: () => true,
    apply: () => {
      effects.set(messageId, (effects.get(messageId) ?? 0) + 1)
      apply()
    },
  })

/** Two consumers of each fact, as two services would be: one keeps the books, the other is not reliable. */
const subscribersOf = (state: AudienceState, mayThrow: () => void): Record<string, Subscriber> => ({
  roster: on(Learning.StudentEnrolled, {}, async (context) =>
    note(state, context, () => state.roster.add(context.data.enrollmentId)),
  ),
  departures: on(Learning.EnrollmentCancelled, {}, async (context) =>
    note(state, context, () => state.roster.delete(context.data.enrollmentId)),
  ),
  income: on(Payments.PaymentCompleted, {}, async (context) =>
    note(state, context, () => state.completed.add(context.data.paymentId)),
  ),
  moneyBack: on(Payments.RefundProcessed, {}, async (context) =>
    note(state, context, () => state.refunded.add(context.data.refundId)),
  ),
  newsletter: on(Learning.StudentEnrolled, {}, async () => mayThrow()),
  statistics: on(Payments.PaymentFailed, {}, async () => mayThrow()),
})

export const audience = (state: AudienceState, mayThrow: () => void): Behaviour => ({
  name: 'audience',
  patterns: patterns('audience', { publishes: {}, answers: {} }),
  commands: operationsOf('audience'),
  queries: [],
  messages: [],
  events: subscribersOf(state, mayThrow),
  local: [],
  sagas: [],
})
