import type { PaymentState } from '#domain/payment/payment-state.ts'
import { Payment } from '#domain/payment/payment.ts'
import { memoryOf } from '#bus/memory/store.ts'
import type { PaymentRepository } from '../../ports.ts'
import type { PaymentMemory, Versioned } from './payment-memory.ts'

const UNSETTLED = new Set<PaymentState['status']>(['INITIATED', 'REQUIRES_ACTION', 'PROCESSING'])

const paymentOf = ({ state, version }: Versioned<PaymentState>): Payment => Payment.restore(state, version)

const byAge = (a: PaymentState, b: PaymentState): number => (a.initiatedAt < b.initiatedAt ? -1 : 1)

export const createMemoryPayments = ({ payments }: PaymentMemory): PaymentRepository => {
  const ofPurchase = (purchaseId: string) => [...payments.values()].find(({ state }) => state.purchaseId === purchaseId)
  return {
    load: async (id) => {
      const stored = payments.get(id)
      return stored && paymentOf(stored)
    },
    loadAll: async (ids) =>
      [...new Set(ids)].flatMap((id) => {
        const stored = payments.get(id)
        return stored ? [paymentOf(stored)] : []
      }),
    ofPurchase: async (purchaseId) => {
      const stored = ofPurchase(purchaseId)
      return stored && paymentOf(stored)
    },
    openOf: async (payerId) =>
      [...payments.values()]
        .filter(({ state }) => state.payerId === payerId && UNSETTLED.has(state.status))
        .map(paymentOf),
    unsettled: async (before, limit) =>
      [...payments.values()]
        .map(({ state }) => state)
        .filter(({ status, initiatedAt }) => UNSETTLED.has(status) && initiatedAt < before)
        .sort(byAge)
        .slice(0, limit)
        .map(({ id: paymentId, status }) => ({ paymentId, status })),
    save: (tx, payment) => {
      const { id, state, version } = payment
      const isFree = () => !payments.has(id) && ofPurchase(state.purchaseId) === undefined
      memoryOf(tx).write({
        name: 'payment',
        check: () => (version === 0 ? isFree() : payments.get(id)?.version === version),
        apply: () => payments.set(id, { state, version: version + 1 }),
      })
      tx.raise(payment)
    },
  }
}
