import { memoryOf } from '#bus/memory/store.ts'
import { pairOf } from '#bus/memory/state.ts'
import type { Ledger, ProviderEvents, Reconciliations } from '../../ports.ts'
import type { PaymentMemory } from './payment-memory.ts'

export const createMemoryLedger = ({ ledger }: PaymentMemory): Ledger => ({
  append: (tx, transaction) =>
    memoryOf(tx).write({
      name: 'ledger transaction',
      check: () => !ledger.has(transaction.reference),
      apply: () => ledger.set(transaction.reference, transaction),
    }),
})

export const createMemoryProviderEvents = ({ events }: PaymentMemory): ProviderEvents => ({
  has: async (provider, eventId) => events.has(pairOf(provider, eventId)),
  save: (tx, event) => {
    const key = pairOf(event.provider, event.eventId)
    memoryOf(tx).write({
      name: 'provider event',
      check: () => !events.has(key),
      apply: () => events.set(key, event),
    })
  },
})

export const createMemoryReconciliations = ({ reconciliations, payments }: PaymentMemory): Reconciliations => ({
  comparedBefore: async () => {
    const finished = [...reconciliations.values()].flatMap((stored) => (stored === 'running' ? [] : [stored.since]))
    return finished.at(-1) ?? [...payments.values()].at(0)?.state.initiatedAt
  },
  start: (tx, { id }) =>
    memoryOf(tx).write({
      name: 'reconciliation',
      check: () => !reconciliations.has(id),
      apply: () => reconciliations.set(id, 'running'),
    }),
  finish: (tx, reconciliation) =>
    memoryOf(tx).write({
      name: 'reconciliation',
      check: () => true,
      apply: () => reconciliations.set(reconciliation.id, reconciliation),
    }),
})
