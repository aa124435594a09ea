import { Dispute } from '#domain/payment/dispute.ts'
import { DisputeAlreadyClosed } from '#domain/payment/errors.ts'
import { verdict, withdrawal } from '#domain/payment/ledger.ts'
import type { DisputedIntent, ProviderDispute } from '#domain/payment/payment-provider.ts'
import type { Payment } from '#domain/payment/payment.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { takeIntent } from './apply-intent.ts'
import type { DisputeRepository, Ledger, PaymentRepository } from './ports.ts'

export interface DisputeBooks {
  readonly payments: PaymentRepository
  readonly disputes: DisputeRepository
  readonly ledger: Ledger
}

/** A contradiction is no answer: the message fails until it is a dead letter, where a person finds it. */
const observe = (dispute: Dispute, fact: ProviderDispute, payment: Payment, at: string): boolean => {
  try {
    return dispute.observe(fact, payment, at)
  } catch (error) {
    if (!DisputeAlreadyClosed.is(error)) throw error
    throw new Error(`The provider contradicts ${dispute.id}`, { cause: error })
  }
}

/**
 * Registers what was read at the provider: the dispute, its payment, and the book. A dispute tells of a payment that it
 * was paid, even where the notice of that was lost.
 */
export const applyDispute = (
  tx: UnitOfWork,
  { known, payment }: { known: Dispute | undefined; payment: Payment },
  { dispute: fact, intent }: DisputedIntent,
  { payments, disputes, ledger }: DisputeBooks,
): Dispute => {
  const wasNews = takeIntent(tx, payment, intent, ledger)
  const dispute = known ?? Dispute.open(payment, fact, tx.now)
  if (!known) ledger.append(tx, withdrawal(dispute.state))
  const closed = observe(dispute, fact, payment, tx.now)
  if (closed && dispute.state.status !== 'OPEN') ledger.append(tx, verdict(dispute.state, payment.captured))
  if (!known || closed) disputes.save(tx, dispute)
  if (wasNews || !known || closed) payments.save(tx, payment)
  return dispute
}
