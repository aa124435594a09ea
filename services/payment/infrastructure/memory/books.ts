import type { UserId } from '#domain/kernel/ids.ts'
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

export const createMemoryProviderEvents = ({
  events,
  payments,
  refunds,
  disputes,
  payouts,
}: PaymentMemory): ProviderEvents => {
  const payerOf = (about: string): UserId | undefined =>
    [...payments, ...refunds, ...disputes].find(([id]) => id === about)?.[1].state.payerId ??
    [...payouts].find(([id]) => id === about)?.[1].state.tutorId
  const ofPayer = (payerId: UserId) =>
    [...events].filter(([, { about, body }]) => about !== null && body !== '' && payerOf(about) === payerId)
  return {
    has: async (provider, eventId) => events.has(pairOf(provider, eventId)),
    save: (tx, event) => {
      const key = pairOf(event.provider, event.eventId)
      memoryOf(tx).write({
        name: 'provider event',
        check: () => !events.has(key),
        apply: () => events.set(key, event),
      })
    },
    countOf: async (payerId) => ofPayer(payerId).length,
    blank: (tx, payerId, notices) =>
      memoryOf(tx).write({
        name: 'provider events',
        check: () => ofPayer(payerId).length === notices,
        apply: () => {
          for (const [key, event] of ofPayer(payerId)) events.set(key, { ...event, body: '' })
        },
      }),
  }
}

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
