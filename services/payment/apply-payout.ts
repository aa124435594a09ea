import { payoutChanged } from '#domain/payment/ledger.ts'
import type { ProviderPayout, ProviderRefusal } from '#domain/payment/payment-provider.ts'
import type { Payout } from '#domain/payment/payout.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type { Ledger, PayoutRepository } from './ports.ts'

export interface PayoutBooks {
  readonly payouts: PayoutRepository
  readonly ledger: Ledger
}

/** Registers what was read at the provider: the payout, and the book where money has moved. */
export const applyPayout = (
  tx: UnitOfWork,
  payout: Payout,
  fact: ProviderPayout | ProviderRefusal,
  { payouts, ledger }: PayoutBooks,
): void => {
  const changes = payout.observe(fact, tx.now)
  if (changes.length === 0) return
  payouts.save(tx, payout)
  for (const change of changes) ledger.append(tx, payoutChanged(payout.state, change, tx.now))
}
