import { Dispute, type DisputeState } from '#domain/payment/dispute.ts'
import { memoryOf } from '#bus/memory/store.ts'
import type { DisputeRepository } from '../../ports.ts'
import type { PaymentMemory, Versioned } from './payment-memory.ts'

const disputeOf = ({ state, version }: Versioned<DisputeState>): Dispute => Dispute.restore(state, version)

const byAge = (a: DisputeState, b: DisputeState): number => (a.openedAt < b.openedAt ? -1 : 1)

export const createMemoryDisputes = ({ disputes }: PaymentMemory): DisputeRepository => ({
  load: async (id) => {
    const stored = disputes.get(id)
    return stored && disputeOf(stored)
  },
  loadAll: async (ids) =>
    [...new Set(ids)].flatMap((id) => {
      const stored = disputes.get(id)
      return stored ? [disputeOf(stored)] : []
    }),
  open: async (before, limit) =>
    [...disputes.values()]
      .map(({ state }) => state)
      .filter(({ status, openedAt }) => status === 'OPEN' && openedAt < before)
      .sort(byAge)
      .slice(0, limit)
      .map(({ id }) => id),
  save: (tx, dispute) => {
    const { id, state, version } = dispute
    memoryOf(tx).write({
      name: 'dispute',
      check: () => (version === 0 ? !disputes.has(id) : disputes.get(id)?.version === version),
      apply: () => disputes.set(id, { state, version: version + 1 }),
    })
    tx.raise(dispute)
  },
})
