import { Purchase } from '#domain/payment/purchase.ts'
import { memoryOf } from '#bus/memory/store.ts'
import type { PurchaseRepository } from '../../ports.ts'
import type { PaymentMemory } from './payment-memory.ts'

export const createMemoryPurchases = ({ purchases }: PaymentMemory): PurchaseRepository => ({
  find: async ({ kind, refId }) => {
    const state = purchases.get(`${kind}/${refId}`)
    return state && Purchase.restore(state, 1)
  },
  save: (tx, purchase) => {
    const { state } = purchase
    const key = `${state.ref.kind}/${state.ref.refId}`
    memoryOf(tx).write({
      name: 'purchase',
      check: () => !purchases.has(key),
      apply: () => purchases.set(key, state),
    })
    tx.raise(purchase)
  },
})
