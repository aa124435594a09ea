import { RefundAlreadySettled } from '#domain/payment/errors.ts'
import * as ledgerOf from '#domain/payment/ledger.ts'
import type { ProviderRefund, ProviderRefusal } from '#domain/payment/payment-provider.ts'
import type { Payment } from '#domain/payment/payment.ts'
import type { Refund } from '#domain/payment/refund.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type { Ledger, PaymentRepository, RefundOfPayment, RefundRepository } from './ports.ts'

export interface RefundBooks {
  readonly payments: PaymentRepository
  readonly refunds: RefundRepository
  readonly ledger: Ledger
}

/** True where it changed something. */
const settle = (refund: Refund, payment: Payment, fact: ProviderRefund | ProviderRefusal, at: string): boolean => {
  switch (fact.status) {
    case 'pending':
      return false
    case 'succeeded':
      return refund.processed(fact.providerRefundId, payment, at)
    case 'failed':
    case 'refused':
      return refund.failed(fact.code, payment, at)
  }
}

/** A contradiction is no answer: the message fails until it is a dead letter, where a person finds it. */
const observe = (...[refund, ...rest]: Parameters<typeof settle>): boolean => {
  try {
    return settle(refund, ...rest)
  } catch (error) {
    if (!RefundAlreadySettled.is(error)) throw error
    throw new Error(`The provider contradicts ${refund.id}`, { cause: error })
  }
}

/** Registers what was read at the provider: the refund, its payment, and the book where the money has gone back. */
export const applyRefund = (
  tx: UnitOfWork,
  { refund, payment }: RefundOfPayment,
  fact: ProviderRefund | ProviderRefusal,
  { payments, refunds, ledger }: RefundBooks,
): void => {
  if (!observe(refund, payment, fact, tx.now)) return
  payments.save(tx, payment)
  refunds.save(tx, refund)
  if (refund.state.status === 'PROCESSED') ledger.append(tx, ledgerOf.refund(refund.state, payment.captured))
}
