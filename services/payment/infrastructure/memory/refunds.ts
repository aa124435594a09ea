import { Payment } from '#domain/payment/payment.ts'
import { Refund, type RefundState } from '#domain/payment/refund.ts'
import { memoryOf } from '#bus/memory/store.ts'
import type { RefundRepository } from '../../ports.ts'
import type { PaymentMemory, Versioned } from './payment-memory.ts'

const refundOf = ({ state, version }: Versioned<RefundState>): Refund => Refund.restore(state, version)

const byAge = ({ state: a }: Refund, { state: b }: Refund): number => (a.requestedAt < b.requestedAt ? -1 : 1)

export const createMemoryRefunds = ({ refunds, payments }: PaymentMemory): RefundRepository => {
  const ofAction = (actionId: string) => [...refunds.values()].find(({ state }) => state.actionId === actionId)
  return {
    load: async (id) => {
      const stored = refunds.get(id)
      const paid = stored && payments.get(stored.state.paymentId)
      return paid && { refund: refundOf(stored), payment: Payment.restore(paid.state, paid.version) }
    },
    loadAll: async (ids) =>
      [...new Set(ids)].flatMap((id) => {
        const stored = refunds.get(id)
        return stored ? [refundOf(stored)] : []
      }),
    ofAction: async (actionId) => {
      const stored = ofAction(actionId)
      return stored && refundOf(stored)
    },
    pending: async (before, limit) =>
      [...refunds.values()]
        .filter(({ state }) => state.status === 'PENDING' && state.requestedAt < before)
        .map(refundOf)
        .sort(byAge)
        .slice(0, limit),
    save: (tx, refund) => {
      const { id, state, version } = refund
      const isFree = () => !refunds.has(id) && ofAction(state.actionId) === undefined
      memoryOf(tx).write({
        name: 'refund',
        check: () => (version === 0 ? isFree() : refunds.get(id)?.version === version),
        apply: () => refunds.set(id, { state, version: version + 1 }),
      })
      tx.raise(refund)
    },
  }
}
