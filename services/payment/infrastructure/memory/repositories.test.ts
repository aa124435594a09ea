import { createMemoryBusStores } from '#bus/memory/stores.ts'
import { systemClock } from '#domain/kernel/clock.ts'
import { systemIds } from '#services/kit/ids.ts'
import { repositoriesContract } from '../testing/repositories.contract.ts'
import { createMemoryLedger, createMemoryProviderEvents } from './books.ts'
import { createMemoryCoupons } from './coupons.ts'
import { createMemoryDisputes } from './disputes.ts'
import { createMemoryEarnings } from './earnings.ts'
import { createPaymentMemory } from './payment-memory.ts'
import { createMemoryPayments } from './payments.ts'
import { createMemoryPayoutAccounts, createMemoryPayouts } from './payouts.ts'
import { createMemoryPurchases } from './purchases.ts'
import { createMemoryRefunds } from './refunds.ts'

repositoriesContract('memory', async () => {
  const memory = createPaymentMemory()
  return {
    store: createMemoryBusStores({ service: 'payment', ids: systemIds, clock: systemClock }).store,
    purchases: createMemoryPurchases(memory),
    payments: createMemoryPayments(memory),
    refunds: createMemoryRefunds(memory),
    disputes: createMemoryDisputes(memory),
    coupons: createMemoryCoupons(memory),
    payoutAccounts: createMemoryPayoutAccounts(memory),
    payouts: createMemoryPayouts(memory),
    ledger: createMemoryLedger(memory),
    earnings: createMemoryEarnings(memory),
    events: createMemoryProviderEvents(memory),
  }
})
