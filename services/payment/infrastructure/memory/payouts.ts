import { PayoutAccount, type PayoutAccountState } from '#domain/payment/payout-account.ts'
import { Payout, type PayoutState } from '#domain/payment/payout.ts'
import { memoryOf } from '#bus/memory/store.ts'
import type { PayoutAccountRepository, PayoutRepository } from '../../ports.ts'
import type { PaymentMemory, Versioned } from './payment-memory.ts'

const accountOf = ({ state, version }: Versioned<PayoutAccountState>): PayoutAccount =>
  PayoutAccount.restore(state, version)

const payoutOf = ({ state, version }: Versioned<PayoutState>): Payout => Payout.restore(state, version)

export const createMemoryPayoutAccounts = ({ payoutAccounts }: PaymentMemory): PayoutAccountRepository => ({
  load: async (tutorId) => {
    const stored = payoutAccounts.get(tutorId)
    return stored && accountOf(stored)
  },
  due: async (at, limit) =>
    [...payoutAccounts.values()]
      .map(({ state }) => state)
      .filter(({ nextPayoutAt }) => nextPayoutAt <= at)
      .sort((a, b) => (a.nextPayoutAt < b.nextPayoutAt ? -1 : 1))
      .slice(0, limit)
      .map(({ id }) => id),
  save: (tx, account) => {
    const { id, state, version } = account
    memoryOf(tx).write({
      name: 'payout account',
      check: () => (payoutAccounts.get(id)?.version ?? 0) === version,
      apply: () => payoutAccounts.set(id, { state, version: version + 1 }),
    })
    tx.raise(account)
  },
  remove: (tx, { id, version }) =>
    memoryOf(tx).write({
      name: 'payout account',
      check: () => payoutAccounts.get(id)?.version === version,
      apply: () => payoutAccounts.delete(id),
    }),
})

export const createMemoryPayouts = ({ payouts }: PaymentMemory): PayoutRepository => ({
  load: async (id) => {
    const stored = payouts.get(id)
    return stored && payoutOf(stored)
  },
  loadAll: async (ids) =>
    [...new Set(ids)].flatMap((id) => {
      const stored = payouts.get(id)
      return stored ? [payoutOf(stored)] : []
    }),
  unsent: async (before, limit) =>
    [...payouts.values()]
      .map(({ state }) => state)
      .filter(({ status, scheduledAt }) => status === 'SCHEDULED' && scheduledAt < before)
      .sort((a, b) => (a.scheduledAt < b.scheduledAt ? -1 : 1))
      .slice(0, limit)
      .map(({ id }) => id),
  save: (tx, payout) => {
    const { id, state, version } = payout
    memoryOf(tx).write({
      name: 'payout',
      check: () => (payouts.get(id)?.version ?? 0) === version,
      apply: () => payouts.set(id, { state, version: version + 1 }),
    })
    tx.raise(payout)
  },
})
