import type { Outbox } from '#bus/outbox/outbox.ts'
import { type Clock, msBetween } from '#domain/kernel/clock.ts'
import { Gauge, type Registry } from 'prom-client'

/** Instances of one saga type in one status. */
export interface SagaCount {
  readonly type: string
  readonly status: string
  readonly count: number
}

/** Backlogs of a service, read anew for every scrape. */
export interface Backlogs {
  outbox(service: string, outbox: Pick<Outbox, 'backlog'>, clock: Clock): void
  sagas(service: string, counts: () => Promise<readonly SagaCount[]>): void
  deadLetters(service: string, count: () => Promise<number>): void
}

/** Adds a reading that is taken at each scrape. */
export type AddReading = (source: string, read: () => Promise<void>) => void

export const backlogGauges = (registry: Registry, addReading: AddReading): Backlogs => {
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] })
  const lag = gauge('outbox_oldest_age_seconds', 'Age of the oldest message that was not delivered.', ['service'])
  const rows = gauge('outbox_rows', 'Messages that wait in the outbox.', ['service'])
  const held = gauge('outbox_held_keys', 'Keys that are held back or parked after failed deliveries.', ['service'])
  const instances = gauge('saga_instances', 'Sagas by type and status.', ['service', 'saga', 'status'])
  const letters = gauge('dead_letters', 'Messages that were given up.', ['service'])
  const seenStatuses = new Map<string, Set<SagaCount>>()

  return {
    outbox: (service, outbox, clock) =>
      addReading(`outbox of ${service}`, async () => {
        const backlog = await outbox.backlog()
        lag.set({ service }, backlog.oldest ? Math.max(0, msBetween(backlog.oldest, clock.now()) / 1000) : 0)
        rows.set({ service }, backlog.rows)
        held.set({ service }, backlog.heldKeys)
      }),
    sagas: (service, counts) =>
      addReading(`sagas of ${service}`, async () => {
        const current = await counts()
        // A status that nobody is in any more must not keep its last number.
        for (const { type, status } of seenStatuses.get(service) ?? [])
          instances.set({ service, saga: type, status }, 0)
        for (const { type, status, count } of current) instances.set({ service, saga: type, status }, count)
        seenStatuses.set(service, new Set(current))
      }),
    deadLetters: (service, count) =>
      addReading(`dead letters of ${service}`, async () => letters.set({ service }, await count())),
  }
}
