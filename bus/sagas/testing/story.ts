import { addMs, type Instant, MINUTE } from '#domain/kernel/clock.ts'
import { createAdvance, type SagaMessage, type Step } from '../advance.ts'
import type { SagaInstance } from '../instance.ts'
import { Trip, TripPaid } from './trip.ts'

export const START: Instant = '2026-03-01T12:00:00.000Z'

const trip = createAdvance(Trip)

export const replied = (step: string): SagaMessage => ({ kind: 'replied', step, output: {} })
export const faulted = (step: string, retryable = false): SagaMessage => ({
  kind: 'faulted',
  step,
  fault: { code: 'NO', detail: `No ${step}.` },
  retryable,
})
export const timer = (name: string): SagaMessage => ({ kind: 'timer', name })
export const paid: SagaMessage = { kind: 'event', type: TripPaid.type, data: { tripId: 'a' } }
export const cancel: SagaMessage = { kind: 'cancel' }
export const retry: SagaMessage = { kind: 'retry' }

/** A trip that has just begun, and the messages that have arrived since, a minute apart. */
export const given = (...messages: readonly SagaMessage[]) => {
  const first = trip.start('a', { tripId: 'a' }, 'cor_1', START)
  const last = messages.reduce(
    ({ step, now }, message) => {
      const next = addMs(now, MINUTE)
      return { step: trip.receive(step.instance, message, next), now: next }
    },
    { step: first, now: START },
  )
  return from(last.step, last.now)
}

/** A step, and what happens when one more message arrives. */
const from = (step: Step, now: Instant) => ({
  step,
  now,
  instance: step.instance,
  /** One more message, a minute later or at the given instant. */
  when: (message: SagaMessage, at: Instant = addMs(now, MINUTE)) => from(trip.receive(step.instance, message, at), at),
  /** One more message at the instant for which its timer is armed. */
  whenDue: (name: string) => {
    const due = dueOf(step.instance, name)
    return from(trip.receive(step.instance, timer(name), due), due)
  },
  sent: step.requests.map((request) => request.step),
  published: step.publish.map(({ definition }) => definition.type),
})

export type Story = ReturnType<typeof from>

export const dueOf = ({ timers }: SagaInstance, name: string): Instant => {
  const due = timers[name]
  if (due === undefined) throw new Error(`No timer "${name}" is armed.`)
  return due
}
